"""Run a merged notebook through nbval, question by question, and come to verdicts.

The verdict on a question is nbval's on its probe alone; `judge_all` then finds the words. What the
cells print, raise or display on the way decides nothing. A question that did not pass beside the
others is run once more with no other answer around it, so that no answer can spoil the next one.
What fails for lack of a name is run once more with what the cells that the learner wrote beside the
answers give for it, and with stand-ins for modules that are not here. What is defined in another
cell than its own is run from there, and what leans on another answer that did not pass, with the
course's own in its place. Nothing of this turns a right answer wrong.
"""

import contextlib
import os
import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from lessonlib.authoring.cells import mark
from lessonlib.grading.confined.inside import calling
from lessonlib.grading.confined.kernel import Said, StoppedError, WatchedKernel
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.beside import is_open
from lessonlib.grading.intake.merge import DEFINED_ELSEWHERE, Merged
from lessonlib.grading.intake.needed import imported, mentioned, needed, used
from lessonlib.grading.paper.terms import Budget, Ruling, Terms
from lessonlib.grading.paper.words import WORDS
from lessonlib.grading.verdicts import WITH_THE_COURSES
from lessonlib.grading.verdicts.judge import JUDGING, TOO_LARGE, within
from lessonlib.grading.verdicts.probes import Answer, Probe, draw
from lessonlib.practice.judging import Verdict, judge_all
from lessonlib.practice.questions import QUESTIONS

STARTS = 3  # a kernel that does not start is nobody's fault, so it is tried again
GIVEN = Budget(cpu=120, wall=600)  # for cells that run no learner's code; they may train a model

STOPPED = ("broken_messages", "kernel_died", "too_many_sockets")
STOPPED += ("too_long_a_wait", "too_much_computing", "too_much_memory")
NOBODYS = ("no_answer", "grader_failed")  # may be the machine's fault, so they are tried again
UNSURE = (*STOPPED, *NOBODYS)
LEANS = "leans_on_the_course"
NOT_HERE = ("raised_ImportError", "raised_ModuleNotFoundError")
# What a cell beside the answers may have given, or a module that is not here.
NAMELESS = ("not_defined", "raised_NameError", *NOT_HERE, LEANS)
ABSENT = re.compile(r"No module named '(\w+)")
MOST_CELLS = 3  # so many cells are tried for one function, the last ones of the notebook
OWN = "own_cells"  # stands for them where questions are named
NOT_THERE = "NotThereError"  # what asking for it raises in the sandbox


class ProbeCell(IPyNbCell):
    """nbval's cell, comparing only what the probe published."""

    probe: Probe
    answer: Answer = Answer(None)

    def compare_outputs(self, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
        """Compare as nbval does, once all other output is left out."""
        with within(JUDGING):
            self.answer = self.probe.read(test)
            return super().compare_outputs(self.probe.comparable(self.answer), ref, skip_compare)

    def format_output_compare(self, *_: Any) -> None:
        """Leave out how two texts differ, which nobody reads, and takes long for long ones."""


@dataclass
class Bench:
    """Where one submission after another is judged: a pytest session, and kernels to start.

    A kernel outside the sandbox works in the folder.
    """

    session: pytest.Session
    kernel: str
    folder: str
    terms: Terms
    token: str = field(default_factory=lambda: os.urandom(8).hex())

    def rule(self, merged: Merged, assignment: Assignment) -> list[Ruling]:
        """Come to a verdict on every question of a submission, in the notebook's order."""
        rulings = dict(merged.decided)
        probes: dict[str, Probe] = {}
        for part in (each for each in assignment.parts if each.question not in rulings):
            name = part.question
            if part.written:
                rulings[name] = Ruling.of(name, "pending", "to_be_read")
            elif name not in QUESTIONS:
                rulings[name] = Ruling.of(name, "error", "no_specification")
            else:
                probes[name] = self._probe(name, assignment)
        if probes:
            rulings |= _Trial(self, merged, assignment, probes).rulings()
        waiting = [name for name, each in merged.elsewhere.items() if each and name in QUESTIONS]
        for name in waiting:
            if rulings[name].verdict == "pending" or rulings[name].cause in NAMELESS:
                alone = {name: self._probe(name, assignment)}
                found = _Trial(self, merged, assignment, alone).from_elsewhere(name)
                rulings[name] = found or rulings[name]
        for name, code in merged.redefined.items():
            if rulings[name].verdict in ("failed", "timeout"):
                message = WORDS("causes.defined_again", message=rulings[name].message)
                told = {"cause": DEFINED_ELSEWHERE, "message": message, "beside": code}
                rulings[name] = replace(rulings[name], verdict="pending", **told)
        return [rulings[part.question] for part in assignment.parts]

    def _probe(self, name: str, assignment: Assignment) -> Probe:
        return draw(name, assignment.exercise, self.terms.seed, self.token)

    def node(self) -> IPyNbFile:
        """Return nbval's collector, which holds one kernel after the other."""
        return IPyNbFile.from_parent(self.session, path=Path(self.folder, "submission.ipynb"))

    def start(self) -> WatchedKernel | None:
        """Start a kernel; None if it does not come up in several tries."""
        for _ in range(STARTS):
            try:
                return WatchedKernel(self.kernel, self.folder, self.terms.budget)
            except (RuntimeError, OSError, StoppedError):
                continue
        return None


@dataclass
class _Trial:
    bench: Bench
    merged: Merged
    assignment: Assignment
    probes: dict[str, Probe]

    def rulings(self) -> dict[str, Ruling]:
        found = self._run()
        found |= self._with_own_cells(found)
        found |= self._of_the_function_alone(found)
        return found | self._with_the_courses_answers(found)

    def from_elsewhere(self, name: str) -> Ruling | None:
        """Return the verdict on a function that another cell defines, if it passes."""
        for source in self.merged.elsewhere[name][: -MOST_CELLS - 1 : -1]:
            others = [each for each in self._code_for(name) if each != source]
            found = needed([*others, source], [name])
            for sources in filter(None, (found, [*others, source] if not found else [])):
                ruled = self._sit([name], [name], self._stand_ins(), {name: sources})
                if passed := _passed(ruled, "found_elsewhere", beside=source).get(name):
                    return passed
        return None

    def _code_for(self, name: str) -> list[str]:
        """Return all code of the learner's, what was written for this question at the end."""
        answers = self.merged.answers
        own = [answers[name]] if name in answers and name not in self.merged.decided else []
        others = [each for other, each in answers.items() if other != name]
        return [*others, *self.merged.extras, *own]

    def _stand_ins(self, but: Collection[str] = ()) -> tuple[str, ...]:
        names = imported([*self.merged.extras, *self.merged.answers.values()]).keys() - but
        return (calling("stand_in", names=sorted(names)),) if names else ()

    def _run(self) -> dict[str, Ruling]:
        """Run all answers in one kernel, then the doubtful ones again, each in one of its own."""
        rulings: dict[str, Ruling] = {}
        around, asked, first = list(self.probes), list(self.probes), []
        while asked:
            ruled = self._sit(asked, around)
            rulings = ruled | rulings  # a verdict once reached stays
            first += [name for name in ruled if name == around[0]]
            stopped = [name for name, ruling in ruled.items() if ruling.cause in STOPPED]
            if not stopped:
                break
            around = [name for name in around if name not in stopped]
            asked = [name for name in asked if name not in rulings]
        for name in self.probes:
            ruling = rulings.get(name)
            # Before the first answer of a kernel nothing ran that could have spoilt it.
            spoilt = ruling is None or (ruling.verdict != "passed" and name not in first)
            if spoilt or ruling.cause in NOBODYS:
                again = self._sit([name], [name]).get(name) or _not_run(name)
                if ruling is None or again.verdict == "passed" or ruling.cause in UNSURE:
                    rulings[name] = again
        return rulings

    def _with_own_cells(self, rulings: dict[str, Ruling]) -> dict[str, Ruling]:
        """Return what passes with the learner's other cells, or with stand-ins for modules."""
        asked = [name for name in self.probes if self._may_gain(name, rulings[name])]
        extras, stand_ins, found = self.merged.extras, self._stand_ins() if asked else (), {}
        if not asked or not (extras or stand_ins):
            return found
        around = [OWN, *(name for name in self.probes if rulings[name].cause not in STOPPED)]
        wanted = set().union(*(used(self.merged.answers[name]) for name in around[1:]))
        given, left, leaning = tuple(needed(extras, wanted)), asked, {}
        # First what is needed of them, which leaves out what never ends or leaves Python. What they
        # want of the course itself is to be heard of before something stands in for it.
        rest = self._stand_ins(but=("lessonlib",))
        for absent, cells in dict.fromkeys(((rest, given), (rest, extras), (stand_ins, given))):
            ruled = self._sit(left, around, [*absent, *cells]) if cells or absent else {}
            how, beside = "with_own_cells" if cells else "without_a_module", "\n\n".join(cells)
            found |= _passed(ruled, how, beside=beside)
            found |= self._lacking(ruled, rulings, left)
            leant = {name: each for name, each in ruled.items() if each.cause == LEANS}
            leaning |= {name: replace(each, beside=beside) for name, each in leant.items()}
            left = [name for name in left if name not in found]
            if not left:
                break
            if OWN in ruled and is_open(extras):  # nobody knows what they would have given
                waits = {name: Ruling.of(name, "pending", DEFINED_ELSEWHERE) for name in left}
                beside = "\n\n".join(extras)
                found |= {name: replace(each, beside=beside) for name, each in waits.items()}
        for name in left:  # some of it may be made of another answer
            whole = needed(self._code_for(name), [name]) if extras else []
            ruled = self._sit([name], [name], rest, {name: whole}) if whole else {}
            found |= _passed(ruled, "with_own_cells", beside="\n\n".join(given))
        return leaning | found

    def _may_gain(self, name: str, ruling: Ruling) -> bool:
        """Tell whether an answer may lack what a cell beside the answers gives."""
        failed = ruling.verdict == "failed" and ruling.cause not in UNSURE
        gives = failed and needed(self.merged.extras, used(self.merged.answers[name]))
        return ruling.cause in NAMELESS or bool(gives)

    def _lacking(
        self, ruled: dict[str, Ruling], before: dict[str, Ruling], asked: list[str]
    ) -> dict[str, Ruling]:
        """Say which of the answers that do not pass use a module that is not here."""
        found: dict[str, Ruling] = {}
        for name in asked:
            modules = {*ABSENT.findall(f"{before[name].message} {before[name].output}")}
            source = self.merged.answers[name]
            aliases = imported([source, *self.merged.extras])
            names = set().union(*(aliases.get(module, set()) for module in modules))
            if name in ruled and ruled[name].verdict != "passed" and mentioned(source, names):
                slots = {"modules": ", ".join(sorted(modules))}
                found[name] = Ruling.of(name, "failed", "module_not_here", **slots)
        return found

    def _of_the_function_alone(self, rulings: dict[str, Ruling]) -> dict[str, Ruling]:
        """Let a person look where all but the function itself stopped, and it is right."""
        found: dict[str, Ruling] = {}
        doubtful = (*STOPPED, "not_defined")
        for name in (each for each in self.probes if rulings[each].cause in doubtful):
            if not (alone := needed(self._code_for(name), [name])):
                continue
            ruled = self._sit([name], [name], self._stand_ins(), {name: alone})
            if name in ruled and ruled[name].verdict == "passed":
                message = WORDS("causes.right_by_itself", message=rulings[name].message)
                told = {"cause": "right_by_itself", "message": message}
                found[name] = replace(rulings[name], verdict="pending", **told)
        return found

    def _with_the_courses_answers(self, rulings: dict[str, Ruling]) -> dict[str, Ruling]:
        """Return what passes beside the course's own of what it calls, which all learners have."""
        courses = {part.question: part.answer for part in self.assignment.parts if not part.written}
        passed = {name for name in self.probes if rulings[name].verdict == "passed"}
        found: dict[str, Ruling] = {}
        for name in (name for name in self.probes if name not in passed):
            # The answers that it names, and those that the course's own of them name.
            leant_on, texts = set(), [self.merged.answers[name]]
            while texts:
                new = {*re.findall(r"\w+", texts.pop())} & courses.keys() - leant_on - {name}
                texts += map(courses.get, new)
                leant_on |= new
            if not passed.issuperset(leant_on):
                others = [other for other in courses if other in leant_on]
                ruled = self._sit([name], [OWN, name], map(courses.get, others))
                ruled = _passed(ruled, WITH_THE_COURSES, others=", ".join(others))
                found |= {n: replace(r, cause=WITH_THE_COURSES) for n, r in ruled.items()}
        return found

    def _sit(
        self,
        asked: list[str],
        around: list[str],
        before: Iterable[str] = (),
        instead: Mapping[str, list[str]] = MappingProxyType({}),
    ) -> dict[str, Ruling]:
        """Run the answers around in one kernel until all that is asked has an answer, or it stops.

        More code may be put before the first answer, and instead of one. Probes take the place of
        the checks.
        """
        bench, rulings, budget, refused = self.bench, {}, GIVEN, ""
        node, kernel = bench.node(), bench.start()
        if kernel is None:
            return {name: _not_run(name) for name in asked}
        node.kernel = kernel
        try:
            for question, sources in _turns(self.merged.notebook, around, list(before), instead):
                began, cpu_before, said = time.monotonic(), kernel.cpu_seconds, Said()
                if question:
                    budget = bench.terms.budget  # the next cells may call it
                kernel.begin(budget)
                try:
                    for source in sources:
                        said = kernel.run(source)
                        refused = refused or _asks_for_the_course(said.error)
                    if question not in asked:
                        continue
                    ruling = _probed(node, self.probes[question], said, refused)
                    kernel.look()  # it went on while it was judged
                except Exception as failure:  # the next question must not suffer for this one
                    if question is None:
                        break
                    ruling = failed(question, failure)
                rulings[question] = replace(
                    ruling,
                    seconds=round(time.monotonic() - began, 3),
                    cpu_seconds=round(max(0.0, kernel.cpu_seconds - cpu_before), 3),
                    output=said.all,
                )
                stopped = not kernel.is_alive() or ruling.cause in STOPPED
                if stopped or len(rulings) == len(asked):
                    break
        finally:
            kernel.stop()
            node.kernel, node.timed_out = None, False
        wanted = (name for name in rulings if name in asked or rulings[name].cause in STOPPED)
        return {name: rulings[name] for name in wanted}


def failed(question: str, failure: Exception) -> Ruling:
    """Return the verdict on a question whose kernel was stopped, or the grader itself failed."""
    if isinstance(failure, StoppedError):
        return Ruling(question, failure.verdict, failure.cause, failure.message)
    problem = f"{type(failure).__name__}: {failure}"
    return Ruling.of(question, "error", "grader_failed", problem=problem)


def _not_run(question: str) -> Ruling:
    return Ruling(question, "error", "grader_failed", WORDS("causes.not_run"))


def _passed(
    rulings: dict[str, Ruling], how: str, beside: str = "", **slots: str
) -> dict[str, Ruling]:
    def told(ruling: Ruling) -> Ruling:
        message = WORDS(f"causes.{how}", right=ruling.message, **slots)
        return replace(ruling, message=message, beside=beside)

    return {name: told(each) for name, each in rulings.items() if each.verdict == "passed"}


def _turns(
    notebook: NotebookNode,
    around: Iterable[str],
    before: list[str],
    instead: Mapping[str, list[str]],
) -> Iterator[tuple[str | None, list[str]]]:
    """Group the code to run: an answer's cells together, the course's own ones by one."""
    for question, cells in groupby(notebook.cells, key=_answered):
        code = [cell for cell in cells if cell.cell_type == "code"]
        if question and before:
            yield OWN, before
            before = []
        if question in around:
            yield question, instead.get(question) or [cell.source for cell in code]
        for cell in code if question is None else ():
            if (tags := mark(cell)) is None or tags.role not in ("check", "page"):
                yield None, [cell.source]


def _answered(cell: NotebookNode) -> str | None:
    tags = mark(cell)
    return tags.question if tags and tags.role == "answer" else None


def _asks_for_the_course(error: str) -> str:
    """Return what was said to code that wants what is not in the sandbox, if that is the error."""
    kind, _, text = error.partition(": ")
    return text if kind == NOT_THERE else ""


def _probed(node: IPyNbFile, probe: Probe, said: Said, refused: str) -> Ruling:
    """Let nbval run a probe and decide, and say in the question's own words what it found."""
    how = {"name": probe.question, "cell_num": 0, "options": defaultdict(bool, check=True)}
    cell = ProbeCell.from_parent(node, cell=probe.cell, **how)
    cell.probe = probe
    node.kernel.channel, dropped = probe.channel, node.kernel.dropped
    try:
        with contextlib.suppress(NbCellError):  # which says that it does not agree
            cell.runtest()
            return Ruling.of(probe.question, "passed", "right")
        with within(JUDGING):
            found = _judged(probe, cell.answer)
    except StoppedError:
        raise
    except Exception as failure:  # whatever a made-up answer does to its reader
        message = WORDS("causes.answer_not_read", problem=type(failure).__name__)
        return Ruling(probe.question, "failed", "no_answer", message)
    if cell.answer.defined is None and node.kernel.dropped > dropped:
        return Ruling.of(probe.question, "failed", TOO_LARGE)
    return _explained(probe, cell.answer, found, said, refused)


def _judged(probe: Probe, answer: Answer) -> Verdict | None:
    tried = list(zip(probe.drawn, answer.outcomes, strict=False))
    return judge_all(QUESTIONS[probe.question], tried) if tried else None


def _explained(
    probe: Probe, answer: Answer, found: Verdict | None, said: Said, refused: str
) -> Ruling:
    """Say why nbval did not find what is expected; nothing here turns its verdict round.

    Refused is what was said if code around the answer asked for what is not in the sandbox.
    """
    name = probe.question
    failures = [each.failure for each in answer.outcomes if each.failure]
    nameless = not answer.defined or any(each.type == "NameError" for each in failures)
    told = [each.text for each in failures if each.type == NOT_THERE]
    if reason := next(iter(told), refused if nameless else ""):
        return Ruling(name, "failed", LEANS, reason)
    if answer.defined is None:
        ruling = Ruling.of(name, "failed", "no_answer")
    elif not answer.defined:
        ruling = Ruling.of(name, "failed", "not_defined")
    elif found is not None and not found.passed:
        verdict = "timeout" if found.cause == "endless_loop" else "failed"
        return Ruling(name, verdict, found.cause, found.message)
    elif len(answer.outcomes) < len(probe.drawn):
        ruling = Ruling(name, "failed", "no_answer", WORDS("causes.not_tried"))
    else:
        return Ruling.of(name, "error", "two_minds")
    raised = [WORDS("causes.raised", error=said.error)] if said.error else []
    return replace(ruling, message=" ".join([ruling.message, *raised]))
