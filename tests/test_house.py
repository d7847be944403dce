"""How the house is built: arrows between files go one way, and nothing long stands twice."""

import ast
import io
import tokenize
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import lessonlib

ROOT = Path(lessonlib.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
AT_MOST = 5  # equal lines in a row

# First line of a run that stands twice all the same: why.
REASONS = {
    "x: Array,": "a block takes what its attention takes, and each says so where it is read",
    "def write(": "what is written in another way takes the same",
}


def test_no_files_import_each_other():
    """Imports inside functions and for type checkers count as well."""
    graph = grimp.build_graph("lessonlib", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as problem:
        pytest.fail(" -> ".join(problem.args[1]))


def lines_of_code(source: str) -> list[tuple[int, str]]:
    """Number the lines of a program that hold code: no imports, docstrings and comments."""
    tree = ast.parse(source)
    left_out: set[int] = set()
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, (ast.Import, ast.ImportFrom)):
            left_out.update(range(node.lineno, node.end_lineno + 1))
    comments = dict(
        token.start
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    )
    numbered = [
        (number, line[: comments.get(number)].strip())
        for number, line in enumerate(source.splitlines(), 1)
        if number not in left_out
    ]
    return [(number, line) for number, line in numbered if line]


def runs_that_stand_twice(texts: dict[str, str], length: int) -> list[tuple[str, ...]]:
    """Find runs of so many equal lines; those that overlap are told once."""
    places = defaultdict(list)
    for name, text in texts.items():
        code = lines_of_code(text)
        for at in range(len(code) - length + 1):
            run = tuple(line for _, line in code[at : at + length])
            places[run].append((name, code[at][0], at))
    found, told = [], set()
    for run, where in places.items():
        before = {(name, at - 1) for name, _, at in where}
        if len(where) > 1:
            if not before <= told:
                found.append((run[0], *(f"{name}:{number}" for name, number, _ in where)))
            told |= {(name, at) for name, _, at in where}
    return found


def test_what_stands_twice_is_found():
    body = "\n".join(f"    x{n} = {n}" for n in range(6))
    texts = {
        "one": f"def f():\n{body}\n",
        "other": f'def g():\n    """Say."""\n{body}  # why\n    y = 1\n',
        "third": f"def h():\n{body[:-11]}\n",
    }
    assert runs_that_stand_twice(texts, 6) == [("x0 = 0", "one:2", "other:3")]


def test_nothing_stands_twice_without_a_reason():
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in SOURCES}
    twice = runs_that_stand_twice(texts, AT_MOST + 1)
    assert [run for run in twice if run[0] not in REASONS] == []
