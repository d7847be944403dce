"""What a name needs of a learner's code: the statements that give it, and those that these need.

So a function is found beside cells that never end, leave Python or stop half-way. What is left out
is neither run nor judged.
"""

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from lessonlib.grading.intake.reading import LONGEST_CODE, parsed

_MAGICS = re.compile(r"(?m)^[ \t]*(?:[\w., ]+=[ \t]*)?[%!].*\n?")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class _Statement:
    source: str
    gives: frozenset[str]
    uses: frozenset[str]

    @property
    def is_of_the_future(self) -> bool:
        return self.source.startswith("from __future__ ")


def needed(cells: Iterable[str], names: Collection[str]) -> list[str]:
    """Return the statements of cells, in their order, that names and what they use come from."""
    statements = [each for cell in cells for each in _statements(cell)]
    wanted, chosen, before = set(names), set(), -1
    while len(chosen) > before:
        before = len(chosen)
        for place, each in enumerate(statements):
            if place not in chosen and not wanted.isdisjoint(each.gives):
                chosen.add(place)
                wanted |= each.uses
    if chosen:  # how the others are read
        chosen |= {place for place, each in enumerate(statements) if each.is_of_the_future}
    return [statements[place].source for place in sorted(chosen)]


def used(source: str) -> set[str]:
    """Return the names that code uses and does not give; none if Python cannot read it."""
    given, found = set(), set()
    for each in _statements(source):
        found |= each.uses
        given |= each.gives
    return found - given


def imported(sources: Iterable[str]) -> dict[str, set[str]]:
    """Return, by the module that code imports, the names that it gives to what it gets there."""
    found: dict[str, set[str]] = {}
    for node in (node for source in sources for node in _walked(source)):
        if isinstance(node, ast.Import):
            for each in node.names:
                module = each.name.partition(".")[0]
                found.setdefault(module, set()).add(each.asname or module)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = (each.asname or each.name for each in node.names)
            found.setdefault(node.module.partition(".")[0], set()).update(names)
    return {name: those for name, those in found.items() if name not in sys.stdlib_module_names}


def mentioned(source: str, names: Collection[str]) -> bool:
    """Tell whether code says one of the names anywhere but where it imports them."""
    return any(isinstance(node, ast.Name) and node.id in names for node in _walked(source))


def _walked(source: str) -> Iterator[ast.AST]:
    tree = _tree(source)
    return ast.walk(tree) if tree else iter(())


def _tree(source: str) -> ast.Module | None:
    code = _MAGICS.sub("", source)
    return None if len(code) > LONGEST_CODE else parsed(code)


def _statements(source: str) -> Iterator[_Statement]:
    """Yield what a cell does one after the other, as far as it comes by itself."""
    tree = _tree(source)
    for node in tree.body if tree else ():
        if isinstance(node, ast.Raise):
            return
        if not _is_endless(node):
            try:
                yield _Statement(ast.unparse(node), frozenset(_gives(node)), _uses(node))
            except RecursionError:
                return


def _is_endless(node: ast.stmt) -> bool:
    if not (isinstance(node, ast.While) and isinstance(node.test, ast.Constant)):
        return False
    return bool(node.test.value) and not any(isinstance(each, ast.Break) for each in ast.walk(node))


def _gives(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement gives or changes, but for those within its functions."""
    if isinstance(node, (*_SCOPES[:2], ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
        yield from _base(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield from _base(node.value.func)  # as in words.append("x")
    if not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _gives(child)


def _base(node: ast.expr) -> Iterator[str]:
    """Yield the name whose part this is, if it is a part of one."""
    is_part = isinstance(node, (ast.Attribute, ast.Subscript))
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if is_part and isinstance(node, ast.Name):
        yield node.id


def _uses(node: ast.stmt) -> frozenset[str]:
    found, own = set(), set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            (own if isinstance(each.ctx, ast.Store) else found).add(each.id)
        elif isinstance(each, ast.arg):
            own.add(each.arg)
    return frozenset(found - own if isinstance(node, (*_SCOPES[:2], ast.ClassDef)) else found)
