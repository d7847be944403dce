"""``lessonlib mark``: written answers in a browser, saved as they are marked."""

import argparse
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from lessonlib.grading.books.journal import Journal, Question, Record
from lessonlib.grading.books.marking import FOLDER, write_marking_pages
from lessonlib.grading.books.marks import Key, Marks, key_of, named
from lessonlib.grading.by_hand.book import Book, merged
from lessonlib.grading.by_hand.server import SCRIPT, Desk
from lessonlib.grading.paper.text import escaped, tell
from lessonlib.grading.paper.words import WORDS, RefusedError
from lessonlib.grading.runs.lock import only_one

COMMENTS = "comments.txt"  # one a line, to be used again
MOST_COMMENTS = 60  # in one list
_LABELS = ("points", "extra", "comment", "reason")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    for name, how in (
        ("gradebook", {"type": Path, "nargs": "?", "default": Path("gradebook")}),
        ("--blind", {"action": "store_true"}),
        ("--marker", {"default": ""}),
        ("--port", {"type": int, "default": 0}),
        ("--merge", {"type": Path, "metavar": "MARKS"}),
    ):
        parser.add_argument(name, help=WORDS(f"by_hand.{name.lstrip('-')}"), **how)


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody ends it; return 2 if there is nothing to mark."""
    try:
        if arguments.merge:
            differing = merge(arguments.gradebook, arguments.merge)
            told = [WORDS("by_hand.merged", count=len(differing)), *map(named, differing)]
            tell("\n    ".join(told))
            return 0
        desk = desk_of(arguments.gradebook, arguments.blind, arguments.marker, arguments.port)
    except (RefusedError, OSError) as problem:
        tell(WORDS("by_hand.said", what=problem), error=True)
        return 2
    with desk:
        tell(WORDS("by_hand.open", address=desk.address))
        try:
            desk.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def merge(gradebook: Path, other: Path) -> list[Key]:
    """Add what another person said to the marks, and return the keys of what they differ in.

    RefusedError if one of the files is no table, or a run of the grader holds the folder.
    """
    if not other.is_file():
        raise RefusedError("by_hand.no_file", file=other)
    known = {learner for learner, _ in _journal(gradebook).entries}
    with only_one(gradebook):
        first, second = (Marks.read(path, known) for path in (gradebook / "marks.csv", other))
        if len(second.encodings) > 1:
            raise RefusedError("tables.unsure")
        made, differing = merged(first, second)
        made.save(gradebook / "marks.csv")
    return differing


def _journal(gradebook: Path) -> Journal:
    if not (gradebook / "journal.jsonl").is_file():
        raise RefusedError("class.refused.no_gradebook", folder=gradebook)
    return Journal(gradebook)


def desk_of(gradebook: Path, blind: bool = False, marker: str = "", port: int = 0) -> Desk:
    """Return a server for a gradebook; RefusedError if there is none, or its marks are no table."""
    journal = _journal(gradebook)
    learners = {learner for learner, _ in journal.entries}
    marks = Marks.read(gradebook / "marks.csv", learners)
    forms = Forms(marks, _comments(gradebook), blind)
    with tempfile.TemporaryDirectory(prefix="lessonlib-") as folder:
        records = map(marks.merged, journal)
        write_marking_pages(Path(folder), map(forms.called, records), form=forms)
        pages = dict(_pages(Path(folder)))
    book = Book(gradebook, learners, marker)

    def say(told: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = told["answer"]
        if type(answer) is not int or not 0 <= answer < len(forms.keys):
            raise RefusedError("by_hand.no_request")
        return book.say(
            forms.keys[answer], dict(told["said"]), dict(told["seen"]), forms.most[answer]
        )

    return Desk(pages, say, port)


def _pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield pages by their ways, with the one script; the server says what they may do."""
    script = f'<script type="module" src="/{SCRIPT}"></script></head>'
    for path in (folder / f"{FOLDER}.html", *(folder / FOLDER).glob("*.html")):
        head, found, rest = path.read_text("utf-8").partition("</head>")
        lines = (line for line in head.splitlines() if "Content-Security-Policy" not in line)
        text = "\n".join([*lines, script]) + rest if found else head
        way = "/" if path.parent == folder else f"/{FOLDER}/{path.name}"
        data = text.encode("utf-8", "replace")
        yield way, data
        if way == "/":
            yield f"/{FOLDER}.html", data


def _comments(gradebook: Path) -> list[str]:
    path = gradebook / COMMENTS
    lines = path.read_text("utf-8-sig", "replace").splitlines() if path.is_file() else []
    return [line.strip() for line in lines if line.strip()]


@dataclass
class Forms:
    """What stands beside each answer to mark it with; answers are known by number alone."""

    marks: Marks
    comments: list[str] = field(default_factory=list)
    blind: bool = False
    keys: list[Key] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    _record: Record | None = None
    _used: dict[tuple[str, str], dict[str, int]] | None = None

    def called(self, record: Record) -> Record:
        """Return a record as its page calls it, without a name if nobody is to be known."""
        self._record = record
        if not self.blind:
            return record
        questions = (replace(each, flags=()) for each in record.questions)
        name = WORDS("by_hand.answer", number=len(self.keys) + 1)
        return replace(record, learner=name, questions=tuple(questions))

    def __call__(self, shown: Record, question: Question) -> str:
        """Return the form for an answer, as HTML."""
        record = self._record or shown
        key = key_of(record, question)
        number = len(self.keys)
        self.keys.append(key)
        self.most.append(question.max_points)
        said = self.marks.said_of(key)
        told = {
            name: escaped(WORDS(f"by_hand.{name}", most=question.max_points)) for name in _LABELS
        }
        data = {"answer": number, "key": "/".join(key), "seen": json.dumps(said)}
        data |= {name: WORDS(f"by_hand.{name}") for name in ("saved", "saving", "unsaved")}
        if self.blind:
            data["key"] = hashlib.sha256("/".join(key).encode("utf-8", "replace")).hexdigest()
        attributes = " ".join(f'data-{name}="{escaped(str(each))}"' for name, each in data.items())
        options = "".join(
            f"<option>{escaped(each)}</option>" for each in self._again(key, question)
        )
        boxes = [
            f'<label>{told["points"]} <input name="points" inputmode="decimal" size="5" '
            f'value="{escaped(said["points"])}"></label>',
            f'<label>{told["extra"]} <input name="extra" inputmode="decimal" size="5" '
            f'value="{escaped(said["extra"])}"></label>',
            f'<label>{told["comment"]}<br><textarea name="comment" rows="3" cols="50">\n'
            f"{escaped(said['comment'])}</textarea></label>",
            f"<label>{WORDS('by_hand.add')} <select><option></option>{options}</select></label>",
            f'<label>{told["reason"]} <input name="reason" '
            f'value="{escaped(said["reason"])}"></label>',
            '<output role="status"></output>',
        ]
        inside = "".join(f"<p>{each}</p>" for each in boxes)
        return f'<form autocomplete="off" {attributes}>{inside}</form>'

    def _again(self, key: Key, question: Question) -> Iterable[str]:
        """Return what may be said again: the rubric, own comments, and what others were told."""
        if self._used is None:
            self._used = defaultdict(dict)
            for (_, exercise, name, _), mark in self.marks.given.items():
                if comment := mark.said.get("comment", ""):
                    counts = self._used[exercise, name]
                    counts[comment] = counts.get(comment, 0) + 1
        used = self._used.get((key[1], key[2]), {})
        often = sorted(used, key=lambda each: (-used[each], each))
        lines = chain(question.rubric, self.comments, often)
        return list(dict.fromkeys(" ".join(each.split()) for each in lines))[:MOST_COMMENTS]
