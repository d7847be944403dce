"""What a grade depends on: the questions, the judge, the sandbox, and all that these import."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import lessonlib
from lessonlib.grading.intake.assignment import Assignment

ROOTS = (
    "lessonlib.grading.verdicts.ruling",
    "lessonlib.grading.confined.provisioner",
    "lessonlib.practice.questions",
)
QUESTIONS = "practice/questions"  # found in their folder, so nothing imports them by name
PROGRAMS = "grading/confined/inside"  # run by their text, so nothing imports them
RUN_INSIDE = ("lessonlib.practice.calling",)  # what those programs import
CAUSES = "words/en/causes.toml"  # its flags decide which cause is named


def digest(job: str, assignment: Assignment) -> str:
    """Return a fingerprint of what was handed in and of all that it is graded with."""
    parts = hashlib.sha256(job.encode()).digest() + assignment.text.encode() + rules()
    return hashlib.sha256(parts).hexdigest()[:32]


@cache
def rules() -> bytes:
    """Return a fingerprint of the code that grades: another room's change grades nobody anew."""
    found = hashlib.sha256()
    for path in code_that_grades(Path(lessonlib.__file__).parent):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.digest()


def code_that_grades(package: Path) -> list[Path]:
    """Return the files that the roots import, directly or through others."""
    found = {package / CAUSES, *(package / PROGRAMS).glob("*.py")}
    questions = (path.stem for path in (package / QUESTIONS).glob("*.py"))
    names = [*ROOTS, *RUN_INSIDE, *(f"{ROOTS[-1]}.{each}" for each in questions)]
    while names:
        for path in _files(package, names.pop()):
            if path not in found:
                found |= {path, path.with_suffix(".toml")}  # its tables, if it has any
                names += _imported(ast.parse(path.read_bytes()))
    return sorted(filter(Path.is_file, found))


def _files(package: Path, name: str) -> Iterator[Path]:
    """Yield the file of a module, and those of the packages around it, as Python imports them."""
    parts = name.split(".")[1:]
    ways = [package.joinpath(*parts[:number]) for number in range(len(parts) + 1)]
    files = (way / "__init__.py" for way in ways), (way.with_suffix(".py") for way in ways[1:])
    yield from filter(Path.is_file, chain(*files))


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield what code imports of the package, and names out of it: some are modules as well."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            names = (f"{module}{alias.name}" for alias in node.names)
            yield from (name for name in names if name.split(".")[0] == "lessonlib")
        elif not isinstance(node, ast.expr):  # in which nothing can be imported
            yield from _imported(node)
