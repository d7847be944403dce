"""A person's word: a file of marks, read back, and put in the place of what the machine says."""

import csv
import hashlib
import io
import math
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from lessonlib.files import written_whole
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.spreadsheets import lines_in, readings
from lessonlib.grading.paper.text import kept, plain, safe, without_controls
from lessonlib.grading.paper.words import WORDS, RefusedError

# The version is that of the answer: a mark does not pass on to an answer that was handed in later.
KEY = ("learner", "exercise", "question", "version")
SAID = ("points", "comment", "extra", "reason", "rubric")
COLUMNS = (*KEY, "max_points", *SAID)
REQUIRED = (*KEY, "points")
_LINE_END = re.compile("\r\n?")
EXCUSED = ("ex", "excused")  # in the place of points: as Canvas writes it, and in full
_WRITTEN = "utf-8-sig"  # spreadsheet programs take a file for UTF-8 only if it begins by saying so
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Mark:
    """One line of the file, as it stands there, also in columns that a person added."""

    said: dict[str, str] = field(default_factory=dict)
    most: str = field(default="", compare=False)
    more: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def by_a_person(self) -> bool:
        """Whether somebody wrote anything into the line."""
        return any((*self.said.values(), *self.more.values()))

    @property
    def is_excuse(self) -> bool:
        """Whether the answer is not to count at all."""
        return self.said.get("points", "").casefold() in (*EXCUSED, WORDS("statuses.excused"))

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The line as it is written, behind its key; made once, since few lines change."""
        said = (self.said.get(name, "") for name in SAID)
        return kept(self.most), *map(safe, said)

    def number(self, column: str, which: str) -> float | None:
        """Return the points, or the extra ones; None where nothing is said of them."""
        said = self.said.get(column, "")
        try:
            return float(said.replace(",", ".")) if said and not self.is_excuse else None
        except ValueError:
            raise RefusedError("marks.no_number", which=which, said=repr(said)) from None

    def met(self, most: int) -> tuple[int, ...]:
        """Return which lines of a rubric, of so many, an answer meets: the first is 1."""
        said = self.said.get("rubric", "").split()
        return tuple(each for each in range(1, most + 1) if str(each) in said)


NOTHING = Mark()


class Told(NamedTuple):
    """What there is to say of the file: marks of no answer, others that cannot be, and why."""

    unused: list[Key]
    problems: list[str]
    unexplained: list[Key]  # count, but nobody said why the machine is overruled


@dataclass(frozen=True)
class Marks:
    """What a person said of answers, whatever the machine says. A slip costs its own line alone.

    What waits has a line already. Others may be added: without a version, of the answer as it is;
    without a question, or an exercise either, to excuse from all of them. Of several encodings that
    the file may be in, none is certain: then words count as unread that do not read the same in all
    of them, and the file is left as it is. The learners are called as they stand in the file.
    """

    given: dict[Key, Mark]
    others: dict[Key, list[Mark]] = field(default_factory=dict)  # of the same key, and different
    encodings: tuple[str, ...] = ()
    learners: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path, learners: Collection[str] = ()) -> "Marks":
        """Read ``marks.csv``, if it is there, as any spreadsheet program saves it.

        By the names of the class an encoding is known, and who may be meant by a number without
        its zeros. RefusedError if it is no table, or a column is missing.
        """
        return cls.of(path.read_bytes(), learners, path.name) if path.exists() else cls({})

    @classmethod
    def of(cls, data: bytes, learners: Collection[str] = (), name: str = "") -> "Marks":
        """Read what stands in a file, as `read` does."""
        known = frozenset(map(_in_the_file, learners))
        given: dict[Key, Mark] = {}
        others: dict[Key, list[Mark]] = {}
        try:
            texts = readings(data, known)
            ways = [[_read_line(line) for line in lines_in(text, REQUIRED)] for text in texts]
        except ValueError as problem:
            raise RefusedError("marks.refused", file=name, problem=problem) from None
        for line in zip(*ways, strict=True):
            agreed = {name: _agreed({mark.said[name] for _, mark in line}) for name in SAID}
            for key, read in dict(line).items():
                mark = replace(read, said=agreed)
                if not (key in given and given[key].by_a_person):
                    given[key] = mark
                elif mark.by_a_person and mark != given[key]:
                    others.setdefault(key, []).append(mark)
        return cls(given, others, tuple(texts.values()), known)

    def write(
        self,
        path: Path,
        records: Iterable[Record],
        shared: Container[tuple[str, str]] = frozenset(),
    ) -> Told:
        """Write the file anew, question by question, and return what there is to say of it.

        What a person wrote is never dropped: marks of answers that are not there stay at the end
        of the file, and the file as it was is kept beside the new one, as ``marks.csv.bak``. A file
        whose encoding is not certain stays. Answers that are shared, by learner and exercise, have
        a line only if something is said of that learner.
        """
        told = Told([], [], [])
        lines = self._lines(records, told, shared)
        if len(self.encodings) > 1:
            told.unused.clear()
            return told
        self._save(path, lines)
        return told

    def say(self, key: Key, said: dict[str, str]) -> "Marks":
        """Return the marks with one line in which something else is said; all others stay."""
        mark = self.line_of(key)
        others = {each: those for each, those in self.others.items() if each != self._place(key)}
        made = as_read({**mark.said, **said})
        return replace(
            self, given={**self.given, self._place(key): replace(mark, said=made)}, others=others
        )

    def said_of(self, key: Key) -> dict[str, str]:
        """Return what stands in the line of an answer."""
        said = self.line_of(key).said
        return {name: said.get(name, "") for name in SAID}

    def line_of(self, key: Key) -> Mark:
        """Return the line of an answer, which may say nothing."""
        return self.given.get(self._place(key), NOTHING)

    def save(self, path: Path) -> tuple["Marks", bytes]:
        """Write the lines as they stand; RefusedError if their encoding is not certain.

        Return what is read there now, and from what.
        """
        if len(self.encodings) > 1:
            raise RefusedError("tables.unsure")
        text = self._save(path, [(key, mark) for key in self.given for mark in self._of(key)])
        return replace(self, encodings=(_WRITTEN,)), text.encode(_WRITTEN)

    def _save(self, path: Path, lines: Iterable[tuple[Key, Mark]]) -> str:
        added = list(dict.fromkeys(name for mark in self.given.values() for name in mark.more))
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow([*COLUMNS, *map(safe, added)])
        for key, mark in lines:
            more = (safe(mark.more.get(name, "")) for name in added)
            writer.writerow([*_cells(key), *mark.cells, *more])
        with written_whole(path, newline="", encoding=_WRITTEN, keep_old=True) as file:
            file.write(table.getvalue())
        return table.getvalue()

    def _lines(
        self, records: Iterable[Record], told: Told, shared: Container[tuple[str, str]]
    ) -> list[tuple[Key, Mark]]:
        left = {key: mark for key, mark in self.given.items() if mark.by_a_person}
        lines: list[tuple[str, int, Key, Mark]] = []
        excuses: dict[Key, Mark] = {}
        for record in records:
            told.problems.extend(self.problems(record))
            for number, question in enumerate(record.questions):
                key, most = key_of(record, question), f"{question.max_points:g}"
                said = list(self._said(key))
                # An excuse holds for whatever is handed in; all else is said of one version.
                own = [
                    (place if mark.is_excuse and not place[3] else key, mark)
                    for place, mark in said
                ]
                is_shared = (record.learner, record.exercise) in shared
                if question.waits and key not in dict(own) and not is_shared:
                    own.append((key, self.given.get(self._place(key), NOTHING)))
                lines += [(key[1], number, line, replace(each, most=most)) for line, each in own]
                for place, _ in said:
                    left.pop(place, None)
                for place in self._excuses(key):
                    excuses |= {place: left.pop(place)} if place in left else {}
                decided = self._marked(key, question)
                if decided.machine not in ("", "pending") and not decided.reason + decided.comment:
                    told.unexplained.append(key)
        wide = [key for key, mark in left.items() if not key[2] and not mark.is_excuse]
        told.unused.extend(key for key in left if key not in wide)
        told.problems.extend(WORDS("marks.no_question", which=named(key)) for key in wide)
        lines.sort(key=itemgetter(0, 1))
        rest = ((key, each) for key in (*excuses, *left) for each in self._of(key))
        return [*((key, mark) for _, _, key, mark in lines), *rest]

    @property
    def of_the_answer_as_it_is(self) -> list[Key]:
        """The keys of lines that somebody added without the version of the answer."""
        lines = self.given.items()
        return [key for key, mark in lines if key[2] and not key[3] and mark.by_a_person]

    @property
    def remark(self) -> str:
        """How the file was read, in words, where an encoding may have spoilt letters."""
        said = (text for key, mark in self.given.items() for text in (*key, *mark.said.values()))
        if len(self.encodings) > 1:
            return WORDS("marks.read_in_several_ways", how=WORDS("tables.unsure"))
        if self.encodings == ("utf-8",) and not all(map(str.isascii, said)):
            return WORDS("marks.read_as_utf8")
        (encoding,) = self.encodings or ("utf-8",)
        return "" if encoding.startswith("utf") else WORDS("marks.read_as", encoding=encoding)

    def problems(self, record: Record) -> Iterator[str]:
        """Yield, in words, what is said of a record and cannot be."""
        for each in record.questions:
            try:
                self._decided(key_of(record, each), each)
            except RefusedError as problem:
                yield str(problem)

    def merged(self, record: Record) -> Record:
        """Return a record in which a person's word stands in the place of the machine's."""
        own = ((key_of(record, each), each) for each in record.questions)
        return replace(record, questions=tuple(self._marked(key, each) for key, each in own))

    def over(self, record: Record) -> Record:
        """Return a record that is somebody's by their group, with what is said of them by name."""
        own = ((key_of(record, each), each) for each in record.questions)
        questions = (
            self._marked(key, each) if any(self._said(key)) or self._excuse(key) else each
            for key, each in own
        )
        return replace(record, questions=tuple(questions))

    def _marked(self, key: Key, question: Question) -> Question:
        with suppress(RefusedError):  # which is among the problems
            return self._decided(key, question)
        return question

    def _decided(self, key: Key, question: Question) -> Question:
        """Return a question as a person decided; RefusedError if what is said cannot be."""
        which, most, said = named(key), question.max_points, [mark for _, mark in self._said(key)]
        mark = said[0] if said else NOTHING
        if any(other != mark for other in said):
            raise RefusedError("marks.twice", which=which)
        points, extra = mark.number("points", which), mark.number("extra", which) or 0.0
        if points is not None and not 0 <= points <= most:
            raise RefusedError("marks.out_of_range", which=which, points=points, most=most)
        if not math.isfinite(extra):
            raise RefusedError("marks.no_number", which=which, said=repr(mark.said["extra"]))
        met = mark.met(len(question.rubric))
        verdict, cause, reached = question.verdict, "", question.points
        if points is not None:
            verdict = "passed" if points == most else "partial" if points else "failed"
            cause, reached = "marked_by_a_person", points
        elif excuse := mark if mark.is_excuse else self._excuse(key):
            verdict, cause, reached = "excused", "excused_by_a_person", 0.0
            mark, met = excuse, ()
        elif verdict == "pending":
            return question  # until there are points, a comment is a draft
        message = (
            WORDS(f"causes.{cause}", points=reached, count=most) if cause else question.message
        )
        more = [WORDS("causes.extra", extra=extra)] if extra else []
        return replace(
            question,
            verdict=verdict,
            cause=cause or question.cause,
            message=" ".join([message, *more]),
            points=max(0.0, reached + extra),
            comment=mark.said.get("comment", ""),
            reason=mark.said.get("reason", ""),
            met=met,
            machine=question.verdict if cause or extra else "",
            extra=extra,
        )

    def _said(self, key: Key) -> Iterator[tuple[Key, Mark]]:
        """Yield what a person said of this very answer, and under which key it stands."""
        for place in dict.fromkeys((self._place(key), self._place((*key[:3], "")))):
            yield from ((place, mark) for mark in self._of(place) if mark.by_a_person)

    def _of(self, place: Key) -> list[Mark]:
        return [self.given[place], *self.others.get(place, ())] if place in self.given else []

    def _excuses(self, key: Key) -> list[Key]:
        """Return the keys of what excuses from a whole exercise, or from all of them."""
        wider = (self._place((*key[:2], "", "")), self._place((key[0], "", "", "")))
        return [place for place in wider if any(mark.is_excuse for mark in self._of(place))]

    def _excuse(self, key: Key) -> Mark | None:
        marks = (mark for place in self._excuses(key) for mark in self._of(place))
        return next((mark for mark in marks if mark.is_excuse), None)

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


@lru_cache(maxsize=50_000)
def _cells(key: Key) -> tuple[str, ...]:
    return tuple(map(kept, key))


def named(key: Key) -> str:
    """Return a key as people read it."""
    return " / ".join(filter(None, key[:3]))


def key_of(record: Record, question: Question) -> Key:
    """Return the key of the line of an answer."""
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


def _agreed(readings: set[str]) -> str:
    """Return what is read the same in every encoding that the file may be in."""
    return readings.pop() if len(readings) == 1 else WORDS("marks.unread")


def as_read(said: Mapping[str, str]) -> dict[str, str]:
    """Return what a person says in a line as it is read again once it was written."""

    def number(text: str) -> str:
        with suppress(ValueError):
            return f"{float(text.replace(',', '.')):g}"
        return text

    read = {name: _LINE_END.sub("\n", without_controls(said.get(name, ""))) for name in SAID}
    read |= {name: number(read[name].strip()) for name in ("points", "extra")}
    return read | {"rubric": " ".join(re.split(r"[\s,;]+", read["rubric"].strip()))}


def _read_line(line: dict[str, str]) -> tuple[Key, Mark]:
    def read(name: str) -> str:
        return without_controls(plain(line.get(name, "").strip()).strip())

    key = tuple(map(read, KEY))
    said = {name: plain(line.get(name, "")) for name in SAID}
    said |= {name: read(name) for name in ("points", "extra")}
    more = {
        plain(name): without_controls(plain(words))
        for name, words in line.items()
        if name and name not in COLUMNS
    }
    return key, Mark(as_read(said), line.get("max_points", "").strip(), more)
