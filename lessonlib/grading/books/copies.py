"""Answers that are alike: whatever a copy is dressed up in, and nothing that all were given.

Code is compared without comments, layout, docstrings and annotations, each name of its own called
by the place where it first comes; a text word by word. A word in twelve, or a few pieces of long
code, may differ, and a text may have grown. What very many wrote is a likeness only if they wrote
it to the letter.
"""

import ast
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from lessonlib.grading.intake.reading import LONGEST_CODE, parsed, plain

ENOUGH_WORDS = 8  # a written answer of so many words is not twice the same by chance
ENOUGH_CODE = 20  # names and signs that the course did not give
LONG = 25  # words that nobody else has by chance in the midst of a longer text
FEW = 10  # what more others wrote, and more than a tenth of all, is the common way to write it
_OFTEN = 50  # what so many have somewhere in their answers leads to no pair
_SKETCH = 8  # of each answer's smallest hashes, one is that of any other nearly like it
_MARKED = re.compile(r"#\s*(?:(?:BEGIN|END)\s+)?SOLUTION\b")

Place = tuple[str, str]  # exercise and question


@dataclass(frozen=True)
class Text:
    """An answer, or several together, as it is compared; `own` is how much the course did not give.

    The pieces are hashes of three words in a row.
    """

    letters: int
    words: int
    own: int
    length: int
    pieces: array

    def is_enough(self, written: bool) -> bool:
        """Tell whether it is long enough that nobody else writes the same by chance."""
        return self.own >= (ENOUGH_WORDS if written else ENOUGH_CODE)

    def nearly(self, other: "Text", written: bool) -> bool:
        """Tell whether two texts differ by a few words at most, or one of some length has more."""
        shorter = min(self.length, other.length)
        edits = max(1, shorter // (12 if written else 40))
        mine, others = set(self.pieces), set(other.pieces)
        fewer, more = sorted((len(mine - others), len(others - mine)))
        return (fewer if written and shorter >= LONG else more) <= 3 * edits


def text(sources: Iterable[str], written: bool, given: str = "") -> Text:
    """Make ready for comparison what was handed in; `given` is what stood there before."""
    whole, course = "\n".join(sources), {*map(str.strip, plain(given).split("\n"))}
    own = "\n".join(line for line in whole.split("\n") if line.strip() not in course)
    words = _words(whole, written)
    pieces = {hash(tuple(words[at : at + 3])) for at in range(max(1, len(words) - 2))}
    left = len(_words(own, written, is_part=True))
    to_the_letter, by_word = hash(" ".join(whole.split())), hash(tuple(words))
    return Text(to_the_letter, by_word, left, len(words), array("q", sorted(pieces)))


def is_copied(mine: Text, answer: str, solution: str, written: bool, given: str = "") -> bool:
    """Tell whether an answer is the course's own, perhaps renamed, or carries its marks.

    It is given ready for comparison, and as it was handed in.
    """
    if not solution:
        return False
    if not written and _MARKED.search(answer):
        return True
    courses = _of_the_course(solution, written, given)
    enough = mine.is_enough(written)
    return enough and (mine.words == courses.words or mine.nearly(courses, written))


@lru_cache(maxsize=1000)
def _of_the_course(solution: str, written: bool, given: str) -> Text:
    return text([_MARKED.sub("#", solution)], written, given)


@dataclass
class Likeness:
    """All answers to one question of a class, or to all questions of an exercise together."""

    written: bool
    texts: dict[str, Text] = field(default_factory=dict)  # by learner

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each learner whose answers are like those of others, and all who wrote such ones.

        Many who wrote the same share one list, or a large class would take its square in memory.
        """
        enough = {name: each for name, each in self.texts.items() if each.is_enough(self.written)}
        near: dict[str, set[str]] = defaultdict(set)
        for one, other in self._pairs(enough):
            near[one].add(other)
            near[other].add(one)
        most = max(FEW, len(self.texts) // 10)
        same = _grouped((each.letters, name) for name, each in enough.items())
        for name, each in enough.items():
            telling = near[name] if len(near[name]) <= most else set()
            alike = sorted(telling.union(same[each.letters])) if telling else same[each.letters]
            if len({name, *alike[:2]}) > 1:
                yield name, alike

    def _pairs(self, texts: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
        """Yield who wrote the same, or nearly the same; of what all wrote, only some pairs."""
        same = _grouped((each.words, name) for name, each in texts.items())
        for group in same.values():
            yield from combinations(group[:_OFTEN], 2)
        one_of_each = {name: texts[name] for name, *_ in same.values()}
        sketch = (
            (piece, name) for name, each in one_of_each.items() for piece in each.pieces[:_SKETCH]
        )
        pairs = {
            pair
            for group in _grouped(sketch).values()
            if len(group) <= _OFTEN
            for pair in combinations(group, 2)
        }
        for one, other in pairs:
            if texts[one].nearly(texts[other], self.written):
                others = same[texts[other].words][:_OFTEN]
                yield from ((a, b) for a in same[texts[one].words][:_OFTEN] for b in others)


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for key, name in pairs:
        groups[key].append(name)
    return groups


def _words(source: str, written: bool, is_part: bool = False) -> list[str]:
    """Return what is compared of a text or of code; part of some code may be no code by itself."""
    if written:
        return re.findall(r"\w+", source.casefold())
    code = None if is_part else undressed(source)
    return re.findall(r"\w+|[^\w\s]", re.sub(r"(?m)#.*$", "", source) if code is None else code)


def undressed(source: str) -> str | None:
    """Return code without comments and docstrings, its own names called by their place.

    None if it is too long, or Python cannot read it.
    """
    tree = parsed(source) if len(source) <= LONGEST_CODE else None
    try:
        return tree and ast.unparse(_Undressed(tree).visit(tree))
    except RecursionError:
        return None


class _Undressed(ast.NodeTransformer):
    """Take docstrings and annotations out, and call names of the code's own by their place."""

    def __init__(self, tree: ast.Module) -> None:
        self.own = {name for node in ast.walk(tree) for name in _bound(node)}
        self.called: dict[str, str] = {}

    def _name(self, name: str | None) -> str | None:
        if name not in self.own:
            return name
        return self.called.setdefault(name, f"name{len(self.called)}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.name = None, self._name(node.name)
        return self._without_docstring(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._name(node.name)
        return self._without_docstring(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self._name(node.arg), None
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._name(node.id)
        return node

    def visit_alias(self, node: ast.alias) -> ast.AST:
        node.asname = self._name(node.asname)
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        node.arg = self._name(node.arg)
        return self.generic_visit(node)

    def _without_docstring(self, node: Any) -> ast.AST:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias) and node.asname:
        yield node.asname
