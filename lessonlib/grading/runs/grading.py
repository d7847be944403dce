"""One run of the grader: what is new is graded, then everything is written."""

from __future__ import annotations

import argparse
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from lessonlib.checks import counted
from lessonlib.grading.books.flags import flags
from lessonlib.grading.books.gradebook import write_gradebook
from lessonlib.grading.books.journal import (
    Entry,
    Journal,
    Key,
    Record,
    digest,
    with_flags,
    write_results,
)
from lessonlib.grading.books.marks import Marks, named
from lessonlib.grading.books.recording import Conditions, absent, recorded
from lessonlib.grading.books.reports import write_marking_page, write_reports
from lessonlib.grading.confined import sandbox
from lessonlib.grading.confined.budget import Budget
from lessonlib.grading.intake import who
from lessonlib.grading.intake.assignment import Assignment, exercises, load
from lessonlib.grading.intake.submission import (
    Submission,
    Survey,
    UnreadableError,
    by_name_alone,
    read,
    shown,
    survey,
)
from lessonlib.grading.paper.spreadsheets import UNSURE
from lessonlib.grading.runs.lock import only_one
from lessonlib.grading.runs.pool import grade_here
from lessonlib.grading.runs.terminal import tell
from lessonlib.grading.runs.terms import Setting

UNSAFE = """
WARNING: grading WITHOUT a sandbox. Every submission runs as you: it can read, change and send
whatever you can. Every row of the results says so.
"""

SAID = 20  # so many are named on the terminal; the rest is counted


class UsageError(ValueError):
    """The command line asks for something that cannot be done."""


# How many submissions have which verdict, by exercise, question and verdict.
Tally = Counter[tuple[str, str, str]]


def grade(arguments: argparse.Namespace) -> Tally:
    """Grade what is new, and write everything that people and platforms read.

    Parameters
    ----------
    arguments
        As ``lessonlib grade`` takes them.

    Returns
    -------
    Counter
        How many submissions have which verdict, also those that an earlier run has graded.

    Raises
    ------
    UsageError, MarksError, WhoError, NoSandboxError, BusyError
        If what is asked for cannot be done; the message says why.
    """
    course, folder = arguments.course.resolve(), arguments.submissions.resolve()
    out = arguments.out.resolve()
    _refuse_folders(course, folder, out)
    known = _known(course, arguments.only)
    with only_one(arguments.out):
        return _graded(arguments, course, folder, out, known)


def _graded(
    arguments: argparse.Namespace, course: Path, folder: Path, out: Path, known: list[str]
) -> Tally:
    """Grade into a folder that nobody else writes to meanwhile."""
    assignments = {name: load(course, name) for name in arguments.only or known}
    told = who.read(out / who.NAME)
    journal = Journal(arguments.out)
    earlier = {learner for learner, _ in journal.entries}
    seen = survey(folder, known, besides=out, said=told.said, earlier=earlier)
    _say_whose(seen, folder, out / who.NAME)
    _say(
        "path",
        f"in {out / who.NAME} of no notebook in {arguments.submissions}; what is said there of "
        "such a path stays, but does not count now",
        told.unused(seen, folder),
    )
    there = {
        (each.learner, each.exercise): each
        for each in seen.submissions
        if each.exercise in assignments
    }
    _say(
        "folder",
        "not readable; what may be inside is not known",
        [f"{path}: {why}" for found in seen.closed.values() for path, why in found.items()],
    )
    wanted = arguments.only or sorted({exercise for _, exercise in there})
    if not wanted and seen.undecided:
        who.write(out / who.NAME, seen, folder, told.said)
        raise UsageError(
            "whose notebooks these are cannot be told from their names; write the learner beside "
            f"each in {out / who.NAME}, and run the same command again"
        )
    if not wanted:
        raise UsageError(
            f"no notebook in {arguments.submissions} is named like an exercise; "
            f"there are: {', '.join(assignments)}"
        )
    # A slip in it is said now, not after all the grading.
    Marks.read(out / "marks.csv", earlier.union(seen.learners))
    private = (course / "solutions", course / "tests", folder, out)
    if arguments.unsafe:
        tell(UNSAFE, error=True)
    elif not arguments.scheduler:
        sandbox.try_to_escape(private)

    who.write(out / who.NAME, seen, folder, told.said)
    old = {key: journal.entries.get(key) for key in there}
    conditions = Conditions(
        _seed(arguments.seed, filter(None, old.values())),
        "none" if arguments.unsafe else "bubblewrap",
        Budget(arguments.cpu_seconds, arguments.wall_seconds),
    )
    tell(f"seed {conditions.seed}, sandbox: {conditions.sandbox}", error=True)
    prints = {key: _print(each, assignments[each.exercise]) for key, each in there.items()}
    graded = {key for key in there if conditions.hold(old[key], prints[key])}
    kept = graded | _away(journal, there, wanted)
    kept -= told.moved(kept, seen, folder)
    _say(
        "learner",
        "with grades of an earlier run, known by the name alone; if several people have one name, "
        f"say so in {out / who.NAME}",
        by_name_alone(seen, kept - there.keys()),
    )
    _say(
        "grade",
        f"kept of what is not in {arguments.submissions}; to drop such grades, remove "
        f"{journal.path} and grade what is there again",
        [
            " / ".join(key)
            for key in sorted(kept - there.keys())
            if key[1] in assignments and journal.entries[key].is_grade
        ],
    )
    missing = (
        absent(learner, assignments[exercise], seen, conditions)
        for learner in seen.learners
        for exercise in wanted
        if (learner, exercise) not in kept | there.keys()
    )
    journal.keep(kept, missing)
    setting = Setting(
        assignments=tuple(assignments[name] for name in wanted),
        seed=conditions.seed,
        sandbox=not arguments.unsafe,
        private=tuple(map(str, private)),
        budget=conditions.budget,
    )
    todo = [each for key, each in there.items() if key not in graded]
    done = _grader(arguments)(setting=setting, jobs=todo, fetch=_fetch)
    for each, result in tqdm(done, total=len(todo), unit="submission", disable=None):
        assignment = assignments[each.exercise]
        fingerprint = prints[each.learner, each.exercise]
        journal.add(recorded(each, assignment, fingerprint, result, seen, conditions))
    tally = write_all(arguments.out, journal)
    if seen.undecided:
        tell(
            f"{counted(sum(map(len, seen.undecided.values())), 'notebook')} not graded: write the "
            f"learner beside each in {out / who.NAME}, and run the same command again.",
            error=True,
        )
    return tally


@dataclass(frozen=True)
class Derived:
    """The records as something is derived from them: again from the start each time."""

    records: Iterable[Record]
    derive: Callable[[Record], Record]

    def __iter__(self) -> Iterator[Record]:
        """Yield one record after the other; only one is held in memory."""
        return map(self.derive, self.records)


def write_all(out: Path, journal: Journal) -> Tally:
    """Add what only the whole shows, and write everything that people and platforms read.

    Parameters
    ----------
    out
        The folder for it.
    journal
        What was graded.

    Returns
    -------
    Counter
        How many submissions have which verdict.

    Raises
    ------
    MarksError
        If the marks that a person wrote cannot be taken over; no grade is written then.
    """
    marks = Marks.read(out / "marks.csv", {learner for learner, _ in journal.entries})
    _say_how_read(marks)
    flagged = Derived(journal, partial(with_flags, flags=flags(journal)))
    write_marking_page(out / "to_mark.html", flagged)
    unused = marks.write(out / "marks.csv", flagged)
    _say("mark", "without an answer that waits, kept at the end of marks.csv", map(named, unused))
    records = Derived(flagged, marks.merged)
    write_results(journal.results, records)
    write_gradebook(out, records)
    write_reports(out / "reports", records)
    rows = (question.row for each in records for question in each.questions)
    return Counter((row.exercise, row.question, row.verdict) for row in rows)


def _refuse_folders(course: Path, folder: Path, out: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    if course.is_relative_to(folder):
        raise UsageError(
            f"{folder} holds the course itself; name the folder with what was handed in"
        )
    if out == folder:
        raise UsageError(f"--out {out} is the folder of the submissions; name another one")
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out} is a file; name a folder")


def _known(course: Path, only: Sequence[str] | None) -> list[str]:
    known = list(exercises(course))
    if not known:
        raise UsageError(f"there are no references in {course / 'solutions'}; use --course")
    unknown = [each for each in only or () if each not in known]
    if unknown:
        raise UsageError(f"no exercise {', '.join(unknown)}; there are: {', '.join(known)}")
    return known


def _say(noun: str, what: str, which: Iterable[str]) -> None:
    """Tell the person who grades, on the terminal, of how many things what is to be said."""
    told = list(which)
    if told:
        tell("\n    ".join([f"{counted(len(told), noun)} {what}:", *told[:SAID]]), error=True)
    if more := told[SAID:]:
        tell(f"    and {len(more)} more", error=True)


def _say_how_read(marks: Marks) -> None:
    if len(marks.encodings) > 1:
        tell(
            f"marks.csv: {UNSURE}. Its points count. Comments with such letters are not in the "
            "reports, and the file stays as it is, until you have saved it so and run the same "
            "command again.",
            error=True,
        )
    elif marks.encodings == ("utf-8",) and not marks.is_ascii:
        tell("marks.csv does not say how it is saved; it was read as UTF-8.", error=True)
    elif marks.encodings and not marks.encodings[0].startswith("utf"):
        tell(f"marks.csv is not saved as UTF-8; it was read as {marks.encodings[0]}.", error=True)


def _say_whose(seen: Survey, folder: Path, table: Path) -> None:
    """Name every notebook that does not count for anybody, and every guess at who is who."""

    def named(groups: Iterable[Iterable[Path]]) -> list[str]:
        return [shown(path, folder) for paths in groups for path in paths]

    _say("notebook", "not recognised", named(seen.unrecognised.values()))
    _say("file", "not graded: hidden, or no notebook by its name", named([seen.others]))
    _say(
        "notebook",
        f"not counted, for another copy of the same learner does ({table} has all)",
        named(seen.copies.values()),
    )
    _say(
        "notebook",
        f"nobody's yet and not graded; write the learner beside each in {table}",
        named(seen.undecided.values()),
    )
    _say(
        "learner",
        "known by the name alone, or by a number under several names; if that is wrong, say so in "
        f"{table}",
        seen.joined,
    )


def _grader(arguments: argparse.Namespace) -> Callable[..., Iterator[Any]]:
    if not arguments.scheduler:
        return partial(grade_here, workers=arguments.jobs)
    from lessonlib.grading.runs.cluster import grade_there

    return partial(grade_there, arguments.scheduler)


def _away(journal: Journal, there: Collection[Key], wanted: Collection[str]) -> set[Key]:
    """Return what was graded earlier and cannot be graded again: it is not there."""
    return {
        key
        for key, entry in journal.entries.items()
        if key not in there and (key[1] not in wanted or entry.is_grade)
    }


def _seed(given: int | None, earlier: Iterable[Entry]) -> int:
    """Return the seed asked for, else that of the run to go on with, else a fresh one."""
    if given is not None:
        return given
    seeds = [seed for entry in earlier for seed, _ in entry.terms]
    return seeds[0] if seeds else secrets.randbits(32)


def _fetch(submission: Submission) -> tuple[str, bytes | UnreadableError]:
    try:
        return submission.exercise, read(submission.path)
    except UnreadableError as problem:
        return submission.exercise, problem


def _print(submission: Submission, assignment: Assignment) -> str:
    _, data = _fetch(submission)
    return digest(data.cause.encode() if isinstance(data, UnreadableError) else data, assignment)
