"""One shortened example of each cause: code without comments and without anybody's name."""

import ast
import builtins
import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lessonlib.grading.books.journal import Question
from lessonlib.grading.intake.reading import parsed

MOST_KEPT = 2_000  # letters of an answer that may become an example
MOST_LINES, MOST_LETTERS = 12, 600
MOST_SAID = 300
_DOTS = "…"
_NUMBER = re.compile(r"\S+@\S+|\d{5,}")
_WORD = re.compile(r"[^\W_]+")
_NO_NAMES = {*map(str.casefold, (*keyword.kwlist, *dir(builtins)))}

Why = tuple[str, str, str]  # exercise, question, cause


@dataclass(frozen=True)
class Example:
    """An answer that was judged so, and what the learner read of it."""

    answer: str
    message: str
    learner: str = ""


@dataclass
class _Group:
    count: int
    answer: str
    message: str
    learner: str


@dataclass
class Examples:
    """What was answered, by why it is wrong; answers in the same words are kept once."""

    groups: dict[Why, dict[int, _Group]] = field(default_factory=dict)

    def add(self, why: Why, learner: str, question: Question) -> None:
        """Keep an answer as one that may become the example."""
        code = question.answer[:MOST_KEPT]
        key = hash(" ".join(re.sub(r"(?m)#.*$", "", code).split()))
        groups = self.groups.setdefault(why, {})
        if key in groups:
            groups[key].count += 1
        else:
            said = question.message.partition("\n")[0][:MOST_SAID]
            groups[key] = _Group(1, code, said, learner)

    def of(self, why: Why, names: Iterable[str] | None = None) -> Example | None:
        """Return the commonest answer, or of several the shortest one.

        Names are everything by which the learners are called, which is taken out; without them,
        the learner is named.
        """
        groups = self.groups.get(why, {}).values()
        if not groups:
            return None
        best = min(groups, key=lambda each: (-each.count, len(each.answer), each.answer))
        if names is None:
            return Example(_shortened(best.answer), best.message, best.learner)
        words = {*names}
        answer, message = (_nameless(text, words) for text in (_bare(best.answer), best.message))
        return Example(_shortened(answer), message)


def name_words(learners: Iterable[str]) -> set[str]:
    """Return the words in the names of learners, as they are looked for in an example."""
    words = {word.casefold() for name in learners for word in _WORD.findall(name)}
    return {word for word in words if len(word) > (2 if word.isascii() else 1)} - _NO_NAMES


def _nameless(text: str, names: set[str]) -> str:
    text = _NUMBER.sub(_DOTS, text)
    return _WORD.sub(lambda word: _DOTS if word[0].casefold() in names else word[0], text)


def _bare(source: str) -> str:
    """Return code without comments and docstrings, in which people write who they are."""
    tree = parsed(source)
    if tree is None:
        return re.sub(r"(?m)#.*$|\"\"\"[\s\S]*?(\"\"\"|\Z)|'''[\s\S]*?('''|\Z)", "", source)
    try:
        return ast.unparse(_WithoutTexts().visit(tree))
    except RecursionError:
        return _DOTS


class _WithoutTexts(ast.NodeTransformer):
    """Take out texts that stand by themselves, as docstrings do."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        value = node.value
        is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
        return None if is_text else self.generic_visit(node)


def _shortened(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    short = "\n".join(lines[:MOST_LINES])[:MOST_LETTERS]
    return short if short == "\n".join(lines) else f"{short}\n{_DOTS}"
