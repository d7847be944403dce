"""``lessonlib mark``: written answers in a browser, saved as they are marked."""

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lessonlib.grading.books.journal import Journal
from lessonlib.grading.books.marking import FOLDER, Look, write_marking_pages
from lessonlib.grading.books.marks import Key, Marks, named
from lessonlib.grading.by_hand.book import Book, merged
from lessonlib.grading.by_hand.forms import Forms, Given
from lessonlib.grading.by_hand.server import SCRIPT, Desk
from lessonlib.grading.paper.text import escaped, tell
from lessonlib.grading.paper.words import WORDS, RefusedError
from lessonlib.grading.runs.lock import only_one
from lessonlib.grading.runs.looking import look_again

COMMENTS = "comments.txt"  # one a line, to be used again
_STYLE = Path(__file__).with_name("mark.css")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    for name, how in (
        ("gradebook", {"type": Path, "nargs": "?", "default": Path("gradebook")}),
        ("--submissions", {"type": Path, "metavar": "FOLDER"}),
        ("--course", {"type": Path, "default": Path()}),
        ("--blind", {"action": "store_true"}),
        ("--marker", {"default": ""}),
        ("--port", {"type": int, "default": 0}),
        ("--merge", {"type": Path, "metavar": "MARKS"}),
    ):
        parser.add_argument(name, help=WORDS(f"by_hand.{name.lstrip('-')}"), **how)


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody ends it; return 2 if there is nothing to mark."""
    gradebook, submissions = arguments.gradebook, arguments.submissions
    try:
        if arguments.merge:
            differing = merge(gradebook, arguments.merge)
            told = [WORDS("by_hand.merged", count=len(differing)), *map(named, differing)]
            tell("\n    ".join(told))
            return 0
        how = {name: getattr(arguments, name) for name in ("blind", "marker", "port")}
        if submissions:
            journal = _journal(gradebook)
            how["look"] = look_again(arguments.course, submissions, gradebook, journal)
        with desk_of(gradebook, **how) as desk:
            tell(WORDS("by_hand.open", address=desk.address))
            desk.serve_forever()
    except (RefusedError, OSError) as problem:
        tell(WORDS("by_hand.said", what=problem), error=True)
        return 2
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


@contextmanager
def desk_of(
    gradebook: Path,
    blind: bool = False,
    marker: str = "",
    port: int = 0,
    look: Look = lambda _: {},
) -> Iterator[Desk]:
    """Hold a server for a gradebook; RefusedError if there is none, or its marks are no table."""
    journal = _journal(gradebook)
    learners = {learner for learner, _ in journal.entries}
    marks = Marks.read(gradebook / "marks.csv", learners)
    forms = Forms(marks, _comments(gradebook), blind, look)
    keys = sorted(journal.entries, key=_lot if blind else None)
    records = (marks.merged(journal.of(key)) for key in keys)
    book = Book(gradebook, learners, marker)

    def given(answer: object) -> Given:
        if type(answer) is not int or not 0 <= answer < len(forms.given):
            raise RefusedError("by_hand.no_request")
        return forms.given[answer]

    def say(told: Mapping[str, Any]) -> Mapping[str, str]:
        one = given(told["answer"])
        return book.say(one.key, dict(told["said"]), dict(told["seen"]), one.most, one.lines)

    def stands(told: Mapping[str, Any]) -> list[dict[str, str]]:
        return book.said_of([given(answer).key for answer in told["answers"]])

    with tempfile.TemporaryDirectory(prefix="lessonlib-") as name:
        folder = Path(name)
        write_marking_pages(folder, map(forms.called, records), forms.look, forms)
        pages = {"/": folder / f"{FOLDER}.html"}
        pages |= {
            f"/{each.relative_to(folder).as_posix()}": each for each in folder.rglob("*.html")
        }
        pages = {way: _finished(path) for way, path in pages.items()}
        with Desk(pages, {"/say": say, "/stands": stands}, port) as desk:
            yield desk


def _lot(key: tuple[str, str]) -> bytes:
    """Return what puts learners in an order that says nothing of them, and is the same each day."""
    return hashlib.sha256("\0".join(key).encode("utf-8", "replace")).digest()


def _finished(path: Path) -> Path:
    """Return a page with the one script and the forms' style; the server says what it may do."""
    more = (
        f'<link rel="icon" href="data:,"><style>{_STYLE.read_text("utf-8")}</style>'
        f'<script type="module" src="/{SCRIPT}"></script></head>'
    )
    head, found, rest = path.read_text("utf-8").partition("</head>")
    if found and SCRIPT not in head:
        lines = (line for line in head.splitlines() if "Content-Security-Policy" not in line)
        told = "keys" if path.parent.name == FOLDER else "how"
        rest = rest.replace("</h1>", f"</h1><p>{escaped(WORDS(f'by_hand.{told}'))}</p>", 1)
        rest = rest.replace(f"<p>{WORDS('marking.how')}</p>", "", 1)  # which is said of the files
        path.write_text("\n".join([*lines, more]) + rest, encoding="utf-8")
    return path


def _comments(gradebook: Path) -> list[str]:
    path = gradebook / COMMENTS
    lines = path.read_text("utf-8-sig", "replace").splitlines() if path.is_file() else []
    return [line.strip() for line in lines if line.strip()]
