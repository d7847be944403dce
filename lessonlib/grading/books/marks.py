"""Written answers: a file in which a person marks them, read back and merged into the results."""

import csv
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.spreadsheets import lines_in, readings
from lessonlib.grading.paper.text import kept, plain, safe
from lessonlib.grading.paper.words import WORDS, RefusedError

# The version is that of the answer: a mark does not pass on to an answer that was handed in later.
COLUMNS = ("learner", "exercise", "question", "version", "max_points", "points", "comment")
REQUIRED = ("learner", "exercise", "question", "version", "points")
Key = tuple[str, str, str, str]  # learner, exercise, question, version


@dataclass(frozen=True)
class Mark:
    """One line of the file, also in columns that a person added; points are None if open."""

    points: float | None
    comment: str
    most: str
    more: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def by_a_person(self) -> bool:
        """Whether somebody wrote anything into the line."""
        return self.points is not None or bool(self.comment) or any(self.more.values())


@dataclass(frozen=True)
class Marks:
    """What a person gave for written answers.

    Of several encodings that the file may be in, none is certain: then comments count as unread
    that do not read the same in all of them, and the file is left as it is. The learners are called
    as they stand in the file.
    """

    given: dict[Key, Mark]
    encodings: tuple[str, ...] = ()
    learners: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path, learners: Collection[str] = ()) -> "Marks":
        """Read ``marks.csv``, if it is there, as any spreadsheet program saves it.

        By the names of the class an encoding is known, and who may be meant by a number without
        its zeros. RefusedError if a column is missing, or a mark is no number or there twice.
        """
        if not path.exists():
            return cls({})
        known = frozenset(map(_in_the_file, learners))
        given: dict[Key, Mark] = {}
        try:
            texts = readings(path.read_bytes(), known)
            ways = [[_read_line(line) for line in lines_in(text, REQUIRED)] for text in texts]
            for line in zip(*ways, strict=True):
                comments = {mark.comment for _, mark in line}
                comment = comments.pop() if len(comments) == 1 else WORDS("marks.unread")
                for key, read in dict(line).items():
                    mark = replace(read, comment=comment)
                    twice = mark.by_a_person and key in given and given[key].by_a_person
                    if twice and given[key] != mark:
                        raise RefusedError("marks.twice", which=named(key))
                    if key not in given or mark.by_a_person:
                        given[key] = mark
        except ValueError as problem:
            raise RefusedError("marks.refused", file=path.name, problem=problem) from None
        return cls(given, tuple(texts.values()), known)

    def write(self, path: Path, records: Iterable[Record]) -> list[Key]:
        """Write the file anew, and return the keys of the marks that fit no answer.

        What a person wrote is never dropped: marks of answers that are not there stay at the end
        of the file, and the file as it was is kept beside the new one, as ``marks.csv.bak``. A file
        whose encoding is not certain stays. RefusedError if a mark is not from 0 to the most.
        """
        left = {key: mark for key, mark in self.given.items() if mark.by_a_person}
        added = list(dict.fromkeys(name for mark in self.given.values() for name in mark.more))
        lines = self._lines(records, left, added)
        if len(self.encodings) > 1:
            return list(lines)[:0]  # looked through all the same, for marks that cannot be
        # Spreadsheet programs take a file for UTF-8 only if it begins by saying so.
        with written_whole(path, newline="", encoding="utf-8-sig", keep_old=True) as file:
            csv.writer(file).writerow([*COLUMNS, *map(safe, added)])
            for line in lines:
                csv.writer(file).writerow([*map(kept, line[:5]), *map(safe, line[5:])])
        return list(left)

    def _lines(
        self, records: Iterable[Record], left: dict[Key, Mark], added: list[str]
    ) -> Iterator[list[str]]:
        """Yield the lines of the file; what fits an answer is taken out of what is left."""
        for record in records:
            for question in filter(_waits, record.questions):
                key, most = _key(record, question), question.max_points
                left.pop(self._place(key), None)
                mark = self.given.get(self._place(key), Mark(None, "", ""))
                if mark.points is not None and not 0 <= mark.points <= most:
                    told = {"which": named(key), "points": mark.points, "most": most}
                    raise RefusedError("marks.out_of_range", **told)
                yield _line(key, replace(mark, most=f"{most:g}"), added)
        for key, mark in left.items():
            yield _line(key, mark, added)

    @property
    def remark(self) -> str:
        """How the file was read, in words, where an encoding may have spoilt letters."""
        said = (text for key, mark in self.given.items() for text in (*key, mark.comment))
        if len(self.encodings) > 1:
            return WORDS("marks.read_in_several_ways", how=WORDS("tables.unsure"))
        if self.encodings == ("utf-8",) and not all(map(str.isascii, said)):
            return WORDS("marks.read_as_utf8")
        (encoding,) = self.encodings or ("utf-8",)
        return "" if encoding.startswith("utf") else WORDS("marks.read_as", encoding=encoding)

    def merged(self, record: Record) -> Record:
        """Return a record in which a person's word stands in the place of a machine's."""
        return replace(
            record,
            questions=tuple(self._marked(_key(record, each), each) for each in record.questions),
        )

    def _marked(self, key: Key, question: Question) -> Question:
        mark, most = self.given.get(self._place(key)), question.max_points
        if not _waits(question) or mark is None or mark.points is None:
            return question
        return replace(
            question,
            verdict="passed" if mark.points == most else "failed",
            cause="marked_by_a_person",
            message=WORDS("causes.marked_by_a_person", points=mark.points, count=most),
            points=mark.points,
            comment=mark.comment,
        )

    def _place(self, key: Key) -> Key:
        """Return the key under which the file has a question, if it has it at all."""
        if key in self.given or key[0] in self._names:
            return key
        return self._numbered.get(_without_zeros(key), key)

    @cached_property
    def _names(self) -> set[str]:
        return {key[0] for key in self.given}

    @cached_property
    def _numbered(self) -> dict[Key, Key]:
        """By key without zeros, the lines whose learner can only be a number that lost them."""
        meant = Counter(map(_number, self.learners))
        named = Counter(map(_number, self._names - self.learners))
        return {
            _without_zeros(key): key
            for key in self.given
            if key[0] not in self.learners and meant[_number(key[0])] == named[_number(key[0])] == 1
        }


def named(key: Key) -> str:
    """Return a key as people read it."""
    return " / ".join(key[:3])


def _waits(question: Question) -> bool:
    return question.verdict == "pending"


def _key(record: Record, question: Question) -> Key:
    answer = question.answer.encode("utf-8", "surrogatepass")
    names = map(_in_the_file, (record.learner, record.exercise, question.question))
    return (*names, f"v{hashlib.sha256(answer).hexdigest()[:8]}")


def _in_the_file(name: str) -> str:
    """Return a name as it comes back from the file, in which not every character can stand."""
    return plain(kept(name)).strip()


def _without_zeros(key: Key) -> Key:
    return (_number(key[0]), *key[1:])


def _number(learner: str) -> str:
    """Return a learner as the number that a spreadsheet makes of ``007``."""
    return learner.lstrip("0") if learner.isdecimal() else learner


def _read_line(line: dict[str, str]) -> tuple[Key, Mark]:
    key = tuple(plain(line.get(column, "").strip()).strip() for column in COLUMNS[:4])
    said = line.get("points", "").strip()
    try:
        points = float(plain(said).replace(",", ".")) if said else None
    except ValueError:
        raise RefusedError("marks.no_number", which=named(key), said=repr(said)) from None
    more = {name: plain(text) for name, text in line.items() if name and name not in COLUMNS}
    most, comment = line.get("max_points", "").strip(), plain(line.get("comment", ""))
    return key, Mark(points, comment, most, more)


def _line(key: Key, mark: Mark, added: list[str]) -> list[str]:
    points = "" if mark.points is None else f"{mark.points:g}"
    return [*key, mark.most, points, mark.comment, *(mark.more.get(name, "") for name in added)]
