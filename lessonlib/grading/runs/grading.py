"""One run of the grader: what is new is graded, then everything is written."""

import argparse
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from tqdm import tqdm

from lessonlib.grading.books import history, log
from lessonlib.grading.books.copies import Place
from lessonlib.grading.books.exports import write_gradebook
from lessonlib.grading.books.flags import Own, flags, owns, with_flags
from lessonlib.grading.books.journal import (
    Derived,
    Journal,
    Key,
    Question,
    Record,
    absent,
    recorded,
    write_results,
)
from lessonlib.grading.books.marking import Look, write_marking_pages
from lessonlib.grading.books.marks import Marks, key_of, named
from lessonlib.grading.books.register import Register, Together
from lessonlib.grading.books.reports import write_reports
from lessonlib.grading.books.said import Sayings
from lessonlib.grading.books.worksheets import fill_in, lines_of_filled
from lessonlib.grading.confined import sandbox
from lessonlib.grading.intake import who
from lessonlib.grading.intake.assignment import Assignment, exercises, load_course
from lessonlib.grading.intake.content import Contents
from lessonlib.grading.intake.submission import by_name_alone, fetch, shown, survey
from lessonlib.grading.intake.times import handed_in
from lessonlib.grading.paper.terms import NO_SANDBOX, SANDBOX, Budget, Tally, Terms
from lessonlib.grading.paper.text import tell
from lessonlib.grading.paper.words import WORDS, RefusedError
from lessonlib.grading.runs.lock import only_one
from lessonlib.grading.runs.looking import look_into
from lessonlib.grading.runs.pool import grade_here
from lessonlib.grading.verdicts.rules import digest

SAID = 20  # so many are named on the terminal; the rest is counted


def grade(arguments: argparse.Namespace) -> Tally:
    """Grade what is new, and write everything that people and platforms read.

    Takes what ``lessonlib grade`` takes, and counts also what an earlier run has graded. If what is
    asked for cannot be done: RefusedError or NoSandboxError.
    """
    course, folder = arguments.course.resolve(), arguments.submissions.resolve()
    out, known = arguments.out.resolve(), list(exercises(course))
    if not folder.is_dir():
        raise RefusedError("run.no_folder", folder=folder)
    if course.is_relative_to(folder):
        raise RefusedError("run.the_course_itself", folder=folder)
    if out == folder:
        raise RefusedError("run.out_is_submissions", out=out)
    if out.exists() and not out.is_dir():
        raise RefusedError("run.out_is_a_file", out=out)
    if arguments.reason and not arguments.again:
        raise RefusedError("run.reason_for_nothing")
    if not known:
        raise RefusedError("run.no_references", folder=course / "solutions")
    if unknown := [each for each in arguments.only or () if each not in known]:
        raise RefusedError("run.no_exercise", exercise=", ".join(unknown), there=", ".join(known))
    with only_one(arguments.out):
        return _graded(arguments, course, folder, out, known)


def _graded(
    arguments: argparse.Namespace, course: Path, folder: Path, out: Path, known: list[str]
) -> Tally:
    """Grade into a folder that nobody else writes to meanwhile."""
    table = out / who.NAME
    told = who.read(table)
    journal = Journal(arguments.out)
    earlier = {learner for learner, _ in journal.entries}
    content = Contents(exercises(course)).exercise_of
    seen = survey(folder, known, out, told.said, earlier, content)
    for key, paths in (
        ("not_recognised", chain(*seen.unrecognised.values())),
        ("not_graded", seen.others),
        ("not_counted", chain(*seen.copies.values())),
        ("nobodys", chain(*seen.undecided.values())),
    ):
        _say(key, (shown(path, folder) for path in paths), table=table)
    _say("joined", seen.joined, table=table)
    _say("unused", told.unused(seen, folder), table=table, folder=arguments.submissions)
    closed = (f"{path}: {why}" for found in seen.closed.values() for path, why in found.items())
    _say("closed", closed)
    there = {
        (each.learner, each.exercise): each
        for each in seen.submissions
        if each.exercise in (arguments.only or known)
    }
    wanted = arguments.only or sorted({exercise for _, exercise in there})
    if not wanted and seen.undecided:
        who.write(table, seen, folder, told.said)
        raise RefusedError("run.nobodys", table=table)
    if not wanted:
        raise RefusedError("run.nothing", folder=arguments.submissions, there=", ".join(known))
    # A table that cannot be read is refused now, not after all the grading.
    class_ = Together(journal, journal.of, Register.read(out, known))
    marks = Marks.read(out / "marks.csv", earlier.union(seen.learners))
    if marks.of_the_answer_as_it_is:  # which is the one that the person had seen
        marks.write(out / "marks.csv", class_, class_.shared)
    journal.word = marks.merged
    references = load_course(course, wanted, folder, out)
    assignments = references.assignments
    if arguments.unsafe:
        tell(WORDS("run.unsafe"), error=True)
    elif not arguments.scheduler:
        sandbox.try_to_escape(map(Path, references.private))
    prints = {key: digest(fetch(each), assignments[key[1]]) for key, each in there.items()}
    who.write(table, seen, folder, told.said)
    old = {key: journal.entries[key] for key in there.keys() & journal.entries}
    # Each run draws anew, so that a report that came back tells nothing of the next inputs.
    seed = secrets.randbits(32) if arguments.seed is None else arguments.seed
    budget = Budget(arguments.cpu_seconds, arguments.wall_seconds)
    terms = Terms(seed, NO_SANDBOX if arguments.unsafe else SANDBOX, budget)
    tell(WORDS("run.terms", seed=terms.seed, sandbox=terms.sandbox), error=True)
    # With --again, a seed is for what is named; what is not keeps the seed it has.
    any_seed = arguments.seed is None or bool(arguments.again)
    graded = {key for key, entry in old.items() if entry.holds(prints[key], terms, any_seed)}
    # What was graded earlier and is not there cannot be graded again.
    away = {key: entry for key, entry in journal.entries.items() if key not in there}
    kept = graded | {key for key in away if key[1] not in wanted or away[key].is_grade}
    kept -= told.moved(kept, seen, folder)
    gone = sorted(kept - there.keys())
    _say("by_name_alone", by_name_alone(seen, gone), table=table)
    grades = [key for key in gone if key[1] in known and away[key].is_grade]
    _say("kept", map(" / ".join, grades), folder=arguments.submissions, journal=journal.path)
    missing = (
        absent(learner, assignments[exercise], seen, terms)
        for learner in seen.learners
        for exercise in wanted
        if (learner, exercise) not in kept | there.keys()
    )
    again = _again(arguments.again or (), there, assignments)
    journal.keep(kept, missing)
    todo = [each for key, each in there.items() if key not in graded or key in again]
    if arguments.scheduler:
        from lessonlib.grading.runs.cluster import grade_there

        done = grade_there(terms, references, todo, arguments.scheduler)
    else:
        done = grade_here(terms, references, todo, arguments.jobs)
    for each, result in tqdm(done, total=len(todo), unit="submission", disable=None):
        key = each.learner, each.exercise
        if key in again:
            before = journal.of(key) if key in graded else None
            result = result.again(again[key], arguments.reason, before)
        rules = {owner.learner: owner.rule for owner in seen.owners[each.path]}
        when = handed_in(each.path, rules[each.learner])
        new = recorded(result, each, prints[key], seen, shown(each.path, folder))
        journal.add(replace(new, time=when.time, time_from=when.source))

    look = look_into(there, assignments)
    tally = write_all(arguments.out, journal, look, owns(load_course(course, known)))
    if seen.undecided:
        count = sum(map(len, seen.undecided.values()))
        tell(WORDS("run.not_graded", count=count, table=table), error=True)
    return tally


def _again(
    names: Iterable[str], there: Iterable[Key], assignments: Mapping[str, Assignment]
) -> dict[Key, set[str]]:
    """Return the questions that are to be graded again by submission, even if their grade holds.

    A name is that of a learner, exercise or question, or of several, with strokes between them.
    RefusedError if nothing is called so.
    """
    found: dict[Key, set[str]] = {}
    for name in names:
        before = len(found)
        for key in there:
            questions = {part.question for part in assignments[key[1]].parts}
            words = {name} if name in key else {*name.split("/")}
            if words <= questions.union(key):
                found.setdefault(key, set()).update(words & questions or questions)
        if len(found) == before:
            raise RefusedError("run.nothing_called_so", name=name)
    return found


def write_all(
    out: Path,
    journal: Journal,
    look: Look = lambda _: {},
    course: Mapping[Place, Own] = MappingProxyType({}),
) -> Tally:
    """Add what only the whole shows, and write everything that people and platforms read.

    RefusedError if the table of marks cannot be read; no grade is written then.
    """
    marks = Marks.read(out / "marks.csv", {learner for learner, _ in journal.entries})
    if marks.remark:
        tell(marks.remark, error=True)
    raised = flags(journal, course)
    flagged = Derived(journal, partial(with_flags, raised=raised))
    register = Register.read(out)

    def of(key: Key) -> Record:
        return with_flags(journal.of(key), raised=raised)

    merged = Derived(flagged, marks.merged)
    class_ = Together(flagged, of, register)
    told = marks.write(out / "marks.csv", class_, class_.shared)
    together = Together(merged, lambda key: marks.merged(of(key)), register, marks.over)
    records = Derived(together, register.dated)
    write_marking_pages(out, merged, look)
    write_results(journal.results, records)
    sayings = Sayings(out)

    def marker(record: Record, question: Question) -> str:
        key = key_of(record, question) if question.said else None
        return sayings.marker(key, marks.said_of(key)) if key else ""

    if history.note(out, records, marker) or not (out / log.NAME).exists():
        log.write_log(out)
    everyone = write_gradebook(out, records, register)
    write_reports(out / "reports", records)
    filled, problems = fill_in(out, everyone)
    _say("worksheets", lines_of_filled(filled))
    _say("worksheet_problems", problems)
    _say("marks_that_do_not_count", told.problems, most=len(told.problems))
    _say(
        "marks_without_answer",
        map(named, told.unused),
    )
    _say("marks_without_reason", map(named, told.unexplained))
    _say("several_of_a_group", together.disputed)
    _say("not_in_roster", register.strangers(everyone.ids.items()))
    _say("nothing_handed_in", everyone.absent)
    return Counter(
        (each.exercise, question.question, question.verdict)
        for each in records
        for question in each.questions
    )


def _say(key: str, which: Iterable[object], most: int = SAID, **slots: object) -> None:
    """Tell the person who grades of how many things what is to be said, and name the first."""
    told = list(map(str, which))
    if told:
        said = WORDS(f"told.{key}", count=len(told), **slots)
        tell("\n    ".join([said, *told[:most]]), error=True)
    if more := told[most:]:
        tell(f"    {WORDS('told.more', count=len(more))}", error=True)
