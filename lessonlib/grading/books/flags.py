"""What a person should look at. A flag never changes a grade."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from lessonlib.grading.books.copies import Likeness, Place, is_copied, text
from lessonlib.grading.books.journal import Record
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.intake.merge import (
    ANOTHER_NOTEBOOK,
    DEFINED_ELSEWHERE,
    NO_CODE_CELL,
    TEXT_BESIDE,
)
from lessonlib.grading.intake.reading import parsed
from lessonlib.grading.paper.words import WORDS
from lessonlib.grading.verdicts import WITH_THE_COURSES

USES_COURSE = "uses_the_course_package"
LOOKS_AROUND = "looks_around_in_python"
RUNS_COMMAND = "runs_a_command"
VERY_LONG = "very_long_answer"
LENGTH_LIMIT = 100_000  # characters; the parser needs a thousand times as much memory
SAME = "same_answers_as:{}"
SAME_MORE = "same_answers_as_{}_more"
NAMED = 3  # so many are named; a short answer can be the same in half of a large class
BESIDE = (ANOTHER_NOTEBOOK, DEFINED_ELSEWHERE, NO_CODE_CELL, TEXT_BESIDE, "right_by_itself")
BESIDE += (WITH_THE_COURSES,)
SOLUTION = "equals_the_published_solution"
BLANK = ("missing", "unreadable")

_WAYS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_WAYS_ROUND = {*_WAYS["in_python"], *_WAYS["on_the_machine"]}
_PLACES = re.compile(
    "|".join(["/course", "course/", "modules", *(way for way in _WAYS["in_python"] if "_" in way)])
)
_COMMAND = re.compile(r"^(?P<indent>[ \t]*)(?:[\w.,][\w.,\t ]*=[ \t]*)?[!%].*$", re.MULTILINE)
# Where one text is put together out of two.
_SEAM = re.compile(r"""(["'])[\s+]*[bru]*\1""")


Key = tuple[str, str, str]  # learner, exercise, question


@dataclass(frozen=True)
class Own:
    """What the course itself has for an answer: its solution, and what it hands out instead."""

    solution: str = ""
    given: str = ""


def owns(course: Course) -> dict[Place, Own]:
    """Return what the course has for each answer, by exercise and question."""
    return {
        (name, part.question): Own(part.answer, each.placeholders.get(part.question, ""))
        for name, each in course.assignments.items()
        for part in each.parts
    }


def flags(
    records: Iterable[Record], course: Mapping[Place, Own] = MappingProxyType({})
) -> dict[Key, tuple[str, ...]]:
    """Return the flags of all submissions that have some, by learner, exercise and question.

    The course's own answers, and what stands in their place before, are by exercise and question.
    """
    found: dict[Key, list[str]] = defaultdict(list)
    # What is kept of a text is small: a thousand submissions are not held at once.
    alike: dict[tuple[str, ...], Likeness] = {}
    for record in records:
        code: dict[str, str] = {}
        for question in record.questions:
            place = (record.exercise, question.question)
            key, own = (record.learner, *place), course.get(place, Own())
            if question.cause in BESIDE:
                found[key].append(question.cause)
            answer, written = question.answer, question.written
            if answer and not written and (raised := _of_code(answer)):
                found[key] += raised
            # The words of a longer one need many times its memory.
            if question.verdict in BLANK or not answer.strip() or len(answer) > LENGTH_LIMIT:
                continue
            mine = text([answer], written, own.given)
            if is_copied(mine, answer, own.solution, written, own.given):
                found[key].append(SOLUTION)
            alike.setdefault(place, Likeness(written))
            alike[place].texts[record.learner] = mine
            if not written:
                code[question.question] = answer
        if len(code) > 1:
            names = (record.exercise, *code)
            given = "\n".join(course.get((record.exercise, name), Own()).given for name in code)
            alike.setdefault(names, Likeness(False))
            alike[names].texts[record.learner] = text(code.values(), False, given)
    others: dict[Key, list[list[str]]] = defaultdict(list)
    for (exercise, *questions), likeness in alike.items():
        for learner, those in likeness:
            for question in questions:
                others[learner, exercise, question].append(those)
    for key, lists in others.items():
        those = sorted({*chain.from_iterable(lists)} - {key[0]})
        found[key] += map(SAME.format, those[:NAMED])
        found[key] += [SAME_MORE.format(len(those) - NAMED)] if len(those) > NAMED else []
    return {key: tuple(raised) for key, raised in found.items()}


def with_flags(record: Record, raised: dict[Key, tuple[str, ...]]) -> Record:
    """Return a record with its flags, as `flags` gives them."""
    own = ((each, (record.learner, record.exercise, each.question)) for each in record.questions)
    flagged = tuple(replace(each, flags=raised.get(key, ())) for each, key in own)
    return replace(record, questions=flagged)


def said(flag: str) -> str:
    """Say a flag in words."""
    name, _, other = flag.partition(":")
    if more := re.fullmatch(SAME_MORE.format(r"(\d+)"), name):
        return WORDS("flags.same_answers_as_more", count=int(more[1]))
    return WORDS(f"flags.{name}", other=other)


def _of_code(source: str) -> list[str]:
    """Return the flags of one answer; code that cannot be parsed is read as text."""
    if len(source) > LENGTH_LIMIT:
        return [VERY_LONG, *_of_text(source)]
    if (tree := parsed(source)) is not None:
        return _of_tree(tree)
    commands = [line.group() for line in _COMMAND.finditer(source)]
    rest = parsed(_COMMAND.sub(r"\g<indent>pass", source)) if commands else None
    raised = {RUNS_COMMAND} if commands else set()
    raised |= {*(_of_text(source) if rest is None else _of_tree(rest))}
    return sorted(raised | {*_of_text("\n".join(commands))})


def _of_tree(tree: ast.Module) -> list[str]:
    names: set[str] = set()
    texts: list[tuple[int, int, str]] = []
    looks_up = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
            looks_up += node.id == "getattr"
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imported = [alias.name for alias in node.names]
            imported += [getattr(node, "module", None) or ""]
            names |= {part for name in imported for part in name.split(".")}
        elif isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            said = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            texts.append((node.lineno, node.col_offset, said))
        elif isinstance(node, ast.Call) and _looks_up_what_it_names(node):
            looks_up -= 1
    # Side by side as in the source, since "les" + "sonlib" is meant to be read by nobody.
    told = "".join(text for _, _, text in sorted(texts))
    raised = [USES_COURSE] if "lessonlib" in names or "lessonlib" in told else []
    if names & _WAYS_ROUND or looks_up or _PLACES.search(told):
        raised.append(LOOKS_AROUND)
    return raised


def _looks_up_what_it_names(call: ast.Call) -> bool:
    """Tell whether this is ``getattr`` with an attribute's name that stands there in full."""
    name = call.args[1] if len(call.args) > 1 else None
    is_text = isinstance(name, ast.Constant) and isinstance(name.value, str)
    return is_text and isinstance(call.func, ast.Name) and call.func.id == "getattr"


def _of_text(source: str) -> list[str]:
    told = _SEAM.sub("", source)
    raised = [USES_COURSE] if "lessonlib" in told else []
    words = (word.group() for word in re.finditer(r"\w+", told))
    if any(word in _WAYS_ROUND for word in words) or _PLACES.search(told):
        raised.append(LOOKS_AROUND)
    return raised
