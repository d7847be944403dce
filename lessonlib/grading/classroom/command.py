"""``lessonlib class``: from a gradebook to what the class thinks."""

import argparse
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.books import history
from lessonlib.grading.books.history import Line
from lessonlib.grading.books.register import Register
from lessonlib.grading.classroom.alike import alike_lines
from lessonlib.grading.classroom.answers import Answers, records_of
from lessonlib.grading.classroom.changes import changes
from lessonlib.grading.classroom.counted import SMALLEST, Counted, counted
from lessonlib.grading.classroom.examples import Example, name_words
from lessonlib.grading.classroom.monday import Seen, monday
from lessonlib.grading.classroom.page import class_page
from lessonlib.grading.classroom.saying import said
from lessonlib.grading.classroom.tables import write_table, write_tables
from lessonlib.grading.classroom.thinking import THINKING_TABLES, gathered, thinking
from lessonlib.grading.classroom.thinking_page import thinking_lines, thinking_section
from lessonlib.grading.classroom.together import pairs
from lessonlib.grading.paper.text import tell
from lessonlib.grading.paper.words import RefusedError

PAGE, FOLDER = "class.html", "class"
ALIKE = "alike.csv"  # names people, and is written only if it is asked for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    for name, how in (
        ("gradebook", {"type": Path, "nargs": "?", "default": Path("gradebook")}),
        ("--before", {"type": Path, "metavar": "GRADEBOOK"}),
        ("--names", {"action": "store_true"}),
        ("--smallest", {"type": int, "default": SMALLEST, "metavar": "N"}),
        ("--alike", {"action": "store_true"}),
        ("--answers", {"type": Path, "metavar": "FOLDER"}),
    ):
        parser.add_argument(name, help=said(f"command.{name.lstrip('-')}"), **how)


def run(arguments: argparse.Namespace) -> int:
    """Write the page and the tables; return 2 if that cannot be done."""
    folder = arguments.gradebook
    try:
        lines = write_class(
            folder,
            arguments.before,
            arguments.smallest,
            arguments.names,
            arguments.alike,
            arguments.answers,
        )
    except RefusedError as problem:
        tell(said("command.said", what=problem), error=True)
        return 2
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        tell(said("command.said", what=f"{where}{problem.strerror or problem}"), error=True)
        return 2
    for number, line in enumerate(lines, 1):
        tell(f"{number}. {line}")
    tell("\n" + said("command.written", page=folder / PAGE, folder=folder / FOLDER))
    return 0


def write_class(
    folder: Path,
    before: Path | None = None,
    smallest: int = SMALLEST,
    names: bool = False,
    alike: bool = False,
    handed_in: Path | None = None,
) -> list[str]:
    """Write what a gradebook says of its class beside it, and return what to talk about.

    The gradebook of an earlier submission may lie elsewhere, `before`; files for the class that
    learners chose to make lie below `handed_in`. RefusedError if there is no gradebook, or the
    class is smaller than the smallest group that may be shown.
    """
    answers, smallest = Answers.read(records_of(folder), Register.read(folder)), max(1, smallest)
    count = len(answers.learners)
    if count < smallest:
        raise RefusedError("class.refused.small_class", count=count, smallest=smallest)
    found = counted(answers, smallest)
    together, compared = pairs(answers, found, smallest)
    changed = changes(answers, chain(_before(before), history.lines(folder)), smallest)
    section, thought = _thinking(folder, handed_in, smallest)
    seen = Seen(count, found, together, compared, changed, thought)
    hidden = None if names else name_words(answers.learners)

    def find(each: Counted, cause: str) -> Example | None:
        return answers.examples.of((*each.place, cause), hidden)

    write_tables(folder / FOLDER, seen, find)
    if alike:
        write_table(folder / FOLDER / ALIKE, alike_lines(records_of(folder)))
    else:
        (folder / FOLDER / ALIKE).unlink(missing_ok=True)
    with written_whole(folder / PAGE) as file:
        file.write(class_page(seen, smallest, find, section))
    return monday(seen)


def _thinking(folder: Path, handed_in: Path | None, smallest: int) -> tuple[str, list[str]]:
    """Write the tables of what was thought; return the page's section, and what to talk about."""
    for name in THINKING_TABLES:
        (folder / FOLDER / f"{name}.csv").unlink(missing_ok=True)
    if handed_in is None:
        return "", []
    if not handed_in.is_dir():
        raise RefusedError("class.refused.no_answers", folder=handed_in)
    read = gathered(handed_in)
    for path, why in read.problems:
        tell(said("thinking.not_read", file=path, why=why), error=True)
    found = thinking(read.handed, smallest)
    (folder / FOLDER).mkdir(exist_ok=True)
    for name, lines in THINKING_TABLES.items():
        write_table(folder / FOLDER / f"{name}.csv", lines(found))
    return thinking_section(found), thinking_lines(found)


def _before(folder: Path | None) -> Iterator[Line]:
    """Yield how all stood in another gradebook."""
    if folder:
        yield from map(history.standing, records_of(folder))
