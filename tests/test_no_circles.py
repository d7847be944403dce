"""No file of the package needs another that needs it, not even inside a function or for a type."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import lessonlib

ROOT = Path(lessonlib.__file__).parent
FILES = {
    ".".join(("lessonlib", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in ROOT.rglob("*.py")
}


def imports(path):
    """List the modules of the package that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in FILES else node.module for name in names)


def test_there_is_no_circle_between_files():
    needs = {name: {*imports(path)} & {*FILES} - {name} for name, path in FILES.items()}
    TopologicalSorter(needs).prepare()  # which raises CycleError, with the circle
