"""What a grade depends on: the questions, the judge, the sandbox, and all that these import."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
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


def digest(data: bytes, assignment: Assignment) -> str:
    """Return a fingerprint of what was handed in and of all that it is graded with."""
    parts = hashlib.sha256(data).digest() + assignment.text.encode() + rules()
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
    found = set((package / PROGRAMS).glob("*.py"))
    questions = (path.stem for path in (package / QUESTIONS).glob("*.py"))
    names = [*ROOTS, *RUN_INSIDE, *(f"{ROOTS[-1]}.{each}" for each in questions)]
    while names:
        for path in _files(package, names.pop()):
            if path not in found:
                found.add(path)
                names += _imported(ast.parse(path.read_bytes()))
    return sorted(found)


def _files(package: Path, name: str) -> Iterator[Path]:
    """Yield the file of a module, and those of the packages around it, as Python imports them."""
    here = package
    for part in name.split(".")[1:]:
        yield from filter(Path.is_file, (here / "__init__.py", here / f"{part}.py"))
        here = here / part
    yield from filter(Path.is_file, (here / "__init__.py",))


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield what code imports of the package, also within functions; not what is there for types.

    A name out of a module is taken for a module as well: one that is none leads nowhere.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_own(alias.name))
        elif isinstance(node, ast.ImportFrom):
            if _is_own(node.module or ""):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from _imported(node)


def _is_own(name: str) -> bool:
    return name.split(".")[0] == "lessonlib"
