"""What a person should look at. A flag never changes a grade."""

import ast
import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lessonlib.grading.books.journal import Record
from lessonlib.grading.intake.merge import ANOTHER_NOTEBOOK, DEFINED_ELSEWHERE, TEXT_BESIDE
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
BESIDE = (ANOTHER_NOTEBOOK, DEFINED_ELSEWHERE, TEXT_BESIDE, WITH_THE_COURSES)
ENOUGH_WORDS = 8  # a written answer of so many words is not twice the same by chance

_WAYS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_WAYS_ROUND = {*_WAYS["in_python"], *_WAYS["on_the_machine"]}
_PLACES = re.compile(
    "|".join(["/course", "course/", "modules", *(way for way in _WAYS["in_python"] if "_" in way)])
)
_COMMAND = re.compile(r"^(?P<indent>[ \t]*)(?:[\w.,][\w.,\t ]*=[ \t]*)?[!%].*$", re.MULTILINE)
# Where one text is put together out of two.
_SEAM = re.compile(r"""(["'])[\s+]*[bru]*\1""")


Key = tuple[str, str, str]  # learner, exercise, question


def flags(records: Iterable[Record]) -> dict[Key, tuple[str, ...]]:
    """Return the flags of all submissions that have some, by learner, exercise and question."""
    found: dict[Key, list[str]] = defaultdict(list)
    # By what they hold in common, each learner's questions that hold it. A hash stands for the
    # text, so that the texts of a thousand submissions are not held at once.
    alike: dict[bytes, dict[str, list[Key]]] = defaultdict(dict)
    for record in records:
        code: dict[Key, str] = {}
        for question in record.questions:
            key = (record.learner, record.exercise, question.question)
            if question.cause in BESIDE:
                found[key].append(question.cause)
            words = question.answer
            if len(words) <= LENGTH_LIMIT:  # the words of a longer one need many times its memory
                words = " ".join(words.split())  # without layout
            if question.written and words.count(" ") + 1 >= ENOUGH_WORDS:
                alike[_fingerprint(*key[1:], words)][record.learner] = [key]
            elif words and not question.written:
                code[key] = words
                if raised := _of_code(question.answer):
                    found[key] += raised
        if len(code) > 1:
            alike[_fingerprint(record.exercise, *code.values())][record.learner] = list(code)
    for group in alike.values():
        for learner, keys in group.items():
            others = [other for other in group if other != learner]
            for key in keys if others else ():
                found[key] += map(SAME.format, others[:NAMED])
                found[key] += [SAME_MORE.format(len(others) - NAMED)] if others[NAMED:] else []
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


def _fingerprint(*texts: str) -> bytes:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()


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
