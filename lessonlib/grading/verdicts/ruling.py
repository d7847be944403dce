"""Run a merged notebook through nbval, question by question, and come to verdicts.

The verdict on a question comes from its probe alone. What the cells print, raise or display on
the way decides nothing. A question that did not pass beside the others is run once more with no
other answer around it, so that no answer can spoil the next one. What fails for lack of a name is
run once more with the cells that the learner wrote beside the answers, and what leans on another
answer that did not pass, with the course's own function in its place.
"""

from __future__ import annotations

import contextlib
import copy
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from lessonlib.authoring.cells import mark
from lessonlib.grading.confined.budget import DEFAULT, Budget
from lessonlib.grading.confined.kernel import Said, StoppedError, WatchedKernel
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.merge import DEFINED_ELSEWHERE, Merged
from lessonlib.grading.verdicts.probes import Answer, Probe, draw
from lessonlib.practice.judging import judge_all
from lessonlib.practice.questions import QUESTIONS

STARTS = 3  # a kernel that does not start is nobody's fault, so it is tried again


@dataclass(frozen=True)
class Ruling:
    """The verdict on one question of one submission.

    Parameters
    ----------
    question
        The question's name.
    verdict
        ``passed``, ``failed``, ``missing``, ``unreadable``, ``timeout``, ``pending`` or
        ``error``, the last being the grader's own failure.
    cause, message
        Why: a stable short name, and the words that the learner reads.
    seconds, cpu_seconds
        What the answer and its probe took.
    output
        The beginning of what the answer's cell put out.
    beside
        Code from outside the answer that it needed.
    """

    question: str
    verdict: str
    cause: str = ""
    message: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    output: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Terms:
    """How a run grades: the same for all its submissions.

    Parameters
    ----------
    kernel
        The name of Jupyter's kernel to start.
    seed
        From which the inputs are drawn.
    token
        By which a probe's answer is told from other output.
    folder
        Where a kernel outside the sandbox would work.
    budget
        What one question may use.
    """

    kernel: str
    seed: int
    token: str
    folder: str
    budget: Budget = DEFAULT


class ProbeCell(IPyNbCell):
    """nbval's cell, comparing only what the probe published."""

    probe: Probe
    answer: Answer = Answer(None, ())

    def compare_outputs(self, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
        """Compare as nbval does, once all other output is left out."""
        self.answer = self.probe.read(test)
        return super().compare_outputs(self.probe.comparable(self.answer), ref, skip_compare)


def rule(node: IPyNbFile, merged: Merged, assignment: Assignment, terms: Terms) -> list[Ruling]:
    """Come to a verdict on every question of a submission.

    Parameters
    ----------
    node
        nbval's collector, in a pytest session; it holds the kernel.
    merged
        The reference with the submission's answers.
    assignment
        The reference.
    terms
        How to grade.

    Returns
    -------
    list of Ruling
        One for each question, in the notebook's order.
    """
    rulings: dict[str, Ruling] = {}
    probes: dict[str, Probe] = {}
    for part in assignment.parts:
        decided = merged.decided(part.question)
        if decided:
            rulings[part.question] = Ruling(
                part.question, decided.verdict, decided.cause, decided.message
            )
        elif part.written:
            rulings[part.question] = Ruling(
                part.question, "pending", "to_be_read", "A person reads this answer."
            )
        elif part.question not in QUESTIONS:
            rulings[part.question] = Ruling(
                part.question, "error", "no_specification", "The course does not say what is right."
            )
        else:
            probes[part.question] = draw(
                part.question, assignment.exercise, terms.seed, terms.token
            )
    if probes:
        rulings |= _run(node, merged, probes, terms)
        rulings |= _run_with_own_cells(node, merged, probes, rulings, terms)
        rulings |= _run_with_the_courses_functions(node, merged, probes, rulings, terms)
    for name, code in merged.redefined.items():
        if rulings[name].verdict in ("failed", "timeout"):
            rulings[name] = replace(
                rulings[name],
                verdict="pending",
                cause=DEFINED_ELSEWHERE,
                message=f"{rulings[name].message} {REDEFINED}",
                beside=code,
            )
    return [rulings[part.question] for part in assignment.parts]


REDEFINED = (
    "That is about the answer's own cell. A cell further down defines the function again, so a "
    "person looks at both."
)


def lost(assignment: Assignment, why: str) -> list[Ruling]:
    """Return the verdicts on a submission over which the grader itself failed."""
    return [Ruling(part.question, "error", "grader_failed", why) for part in assignment.parts]


def _run(
    node: IPyNbFile, merged: Merged, probes: dict[str, Probe], terms: Terms
) -> dict[str, Ruling]:
    """Run all answers in one kernel, then the doubtful ones again, each in one of its own."""
    rulings: dict[str, Ruling] = {}
    around, asked, first = list(probes), list(probes), []
    while asked:
        ruled = _sit(node, merged.notebook, {name: probes[name] for name in asked}, around, terms)
        rulings = ruled | rulings  # a verdict once reached stays
        first += [name for name in ruled if name == around[0]]
        stopped = [name for name, ruling in ruled.items() if ruling.cause in STOPPED]
        if not stopped:
            break
        around = [name for name in around if name not in stopped]
        asked = [name for name in asked if name not in rulings]
    for name, probe in probes.items():
        ruling = rulings.get(name)
        # Before the first answer of a kernel nothing ran that could have spoilt it.
        spoilt = ruling is None or (ruling.verdict != "passed" and name not in first)
        if spoilt or ruling.cause in NOBODYS:
            again = _sit(node, merged.notebook, {name: probe}, [name], terms).get(name, LOST)
            if ruling is None or again.verdict == "passed" or ruling.cause in UNSURE:
                rulings[name] = replace(again, question=name)
    return rulings


STOPPED = (
    "broken_messages",
    "kernel_died",
    "too_long_a_wait",
    "too_much_computing",
    "too_much_memory",
)
NOBODYS = ("no_answer", "grader_failed")  # may be the machine's fault, so they are tried again
UNSURE = (*STOPPED, *NOBODYS)
LOST = Ruling("", "error", "grader_failed", "The grader could not run this answer.")
NAMELESS = ("not_defined", "raised_NameError")  # what a cell beside the answers may have given
OWN = "own_cells"  # stands for them where questions are named


def _run_with_own_cells(
    node: IPyNbFile,
    merged: Merged,
    probes: dict[str, Probe],
    rulings: dict[str, Ruling],
    terms: Terms,
) -> dict[str, Ruling]:
    """Return what passes once the learner's own cells are run before the answers."""
    asked = {name: probe for name, probe in probes.items() if rulings[name].cause in NAMELESS}
    if not (asked and merged.extras):
        return {}
    notebook = _opened_with(merged.notebook, merged.extras)
    around = [OWN, *(name for name in probes if rulings[name].cause not in STOPPED)]
    return _passed(
        _sit(node, notebook, asked, around, terms),
        "It needs code from outside the answer cells, which was run before it.",
        beside="\n\n".join(merged.extras),
    )


def _run_with_the_courses_functions(
    node: IPyNbFile,
    merged: Merged,
    probes: dict[str, Probe],
    rulings: dict[str, Ruling],
    terms: Terms,
) -> dict[str, Ruling]:
    """Return what passes once the answers that it calls, and that did not pass, are right.

    The course's functions are in the package that every learner has, so none is given away.
    """
    failed = {name for name, ruling in rulings.items() if ruling.verdict != "passed"}
    found: dict[str, Ruling] = {}
    for name in filter(failed.__contains__, probes):
        words = set(re.findall(r"\w+", merged.answers[name]))
        others = sorted((failed - {name}) & words & set(QUESTIONS))
        if others:
            notebook = _opened_with(merged.notebook, map(_COURSES.format, others))
            found |= _passed(
                _sit(node, notebook, {name: probes[name]}, [OWN, name], terms),
                f"It was run with the course's own {', '.join(others)}.",
            )
    return found


_COURSES = "from lessonlib.practice.questions import QUESTIONS as _\n{0} = _[{0!r}].reference"


def _opened_with(notebook: NotebookNode, sources: Iterable[str]) -> NotebookNode:
    """Return a notebook with cells put before the first answer."""
    tags = {"lessonlib": {"role": "answer", "question": OWN}}
    first = next(place for place, cell in enumerate(notebook.cells) if _answered(cell))
    opened = copy.copy(notebook)
    opened.cells = notebook.cells[:]
    opened.cells[first:first] = [new_code_cell(source, metadata=tags) for source in sources]
    return opened


def _passed(rulings: dict[str, Ruling], how: str, beside: str = "") -> dict[str, Ruling]:
    return {
        name: replace(ruling, message=f"{ruling.message} {how}", beside=beside)
        for name, ruling in rulings.items()
        if ruling.verdict == "passed"
    }


def _sit(
    node: IPyNbFile,
    notebook: NotebookNode,
    probes: dict[str, Probe],
    around: Iterable[str],
    terms: Terms,
) -> dict[str, Ruling]:
    """Run a notebook in one kernel until all probes are done or the kernel stops.

    Parameters
    ----------
    notebook
        The merged notebook. Its checks are left out: the probes take their place.
    probes
        What to ask, by question.
    around
        The questions whose answers are run.
    """
    rulings: dict[str, Ruling] = {}
    kernel = node.kernel = _start(node, terms)
    if kernel is None:
        return {name: replace(LOST, question=name) for name in probes}
    budget = GIVEN
    try:
        for question, cells in _turns(notebook, set(around)):
            began, cpu_before, said = time.monotonic(), kernel.cpu_seconds, Said()
            if question:
                budget = terms.budget  # from here on the course's cells may call the learner's code
            kernel.begin(budget)
            try:
                for cell in cells:
                    said = kernel.run(cell.source)
                if question in probes:
                    verdict = _probe(node, probes[question], said)
                else:
                    continue
            except StoppedError as stop:
                verdict = (stop.verdict, stop.cause, stop.message)
            except Exception as failure:  # the next question must not suffer for this one
                verdict = (
                    "error",
                    "grader_failed",
                    f"The grader failed: {type(failure).__name__}: {failure}",
                )
            if question is None:
                break
            rulings[question] = Ruling(
                question,
                *verdict,
                seconds=round(time.monotonic() - began, 3),
                cpu_seconds=round(max(0.0, kernel.cpu_seconds - cpu_before), 3),
                output=said.all,
            )
            if not kernel.is_alive() or verdict[1] in STOPPED or len(rulings) == len(probes):
                break
    finally:
        if kernel.is_alive():
            kernel.stop()
        node.kernel, node.timed_out = None, False
    return {
        name: ruling
        for name, ruling in rulings.items()
        if name in probes or ruling.cause in STOPPED
    }


GIVEN = Budget(cpu=120, wall=600)  # for cells that run no learner's code; they may train a model


def _turns(
    notebook: NotebookNode, around: set[str]
) -> Iterator[tuple[str | None, list[NotebookNode]]]:
    """Group the cells to run: an answer's cells together, the course's own ones by one."""
    for question, cells in groupby(notebook.cells, key=_answered):
        code = [cell for cell in cells if cell.cell_type == "code" and not _is_left_out(cell)]
        if question is None:
            yield from ((None, [cell]) for cell in code)
        elif question in around:
            yield question, code


def _answered(cell: NotebookNode) -> str | None:
    tags = mark(cell)
    return tags.question if tags and tags.role == "answer" else None


def _is_left_out(cell: NotebookNode) -> bool:
    tags = mark(cell)
    return bool(tags) and tags.role in ("check", "page")


def _start(node: IPyNbFile, terms: Terms) -> WatchedKernel | None:
    for _ in range(STARTS):
        try:
            return WatchedKernel(terms.kernel, terms.folder, terms.budget)
        except (RuntimeError, OSError, StoppedError):
            continue
    return None


def _probe(node: IPyNbFile, probe: Probe, said: Said) -> tuple[str, str, str]:
    """Let nbval run a probe and compare, and say in the question's own words what it found."""
    cell = ProbeCell.from_parent(
        node,
        name=probe.question,
        cell_num=0,
        cell=probe.cell(),
        options=defaultdict(bool, check=True),
    )
    cell.probe = probe
    node.kernel.channel = probe.channel
    agrees = False
    try:
        with contextlib.suppress(NbCellError):  # which says that it does not agree
            cell.runtest()
            agrees = True
        return _words(probe, cell.answer, agrees, said)
    except StoppedError:
        raise
    except Exception as failure:  # whatever a made-up answer does to its reader
        return "failed", "no_answer", f"What came of it cannot be read ({type(failure).__name__})."


def _words(probe: Probe, answer: Answer, agrees: bool, said: Said) -> tuple[str, str, str]:
    raised = f" The cell stopped with {said.error}." if said.error else ""
    if answer.defined is None:
        return "failed", "no_answer", f"The function was tried, but no answer came back.{raised}"
    if not answer.defined:
        return (
            "failed",
            "not_defined",
            f"After your answer had run there was no function {probe.question!r}.{raised}",
        )
    if agrees:
        return "passed", "right", "Right on every input that was tried."
    question = QUESTIONS[probe.question]
    tried = list(zip(probe.drawn, answer.outcomes, strict=False))
    verdict = judge_all(question, tried) if tried else None
    if verdict is not None and not verdict.passed:
        kind = "timeout" if verdict.cause == "endless_loop" else "failed"
        return kind, verdict.cause, verdict.message
    return "failed", "no_answer", f"The function could not be tried on all inputs.{raised}"
