"""No sentence stands in the code: a translation is a folder of texts."""

import ast
import re
from pathlib import Path

import pytest

import lessonlib

ROOT = Path(lessonlib.__file__).parent

# Who works on the course reads these, and nobody learns or grades by them.
FOR_MAINTAINERS = ("authoring", "words", "exams/__main__.py")

# No sentences, though they look so: data in a human language, and other programs' words.
DATA = {
    "__init__.py": "what Python itself says of a name that a module does not have",
    "grading/books/gradebook.py": "the columns that Canvas, Moodle and nbgrader read",
    "grading/confined/inside": "programs in the sandbox, whose output only the grader reads",
    "grading/intake/who.py": "the columns of a file that the grader reads back",
    "practice/questions/sentences.py": "the words that sentences are drawn from",
    "styles": "how a page looks, in CSS",
    "worlds/sentences.py": "the sentences that models read are English, as a subject, everywhere",
    "worlds/scenes/scene.py": "so are their captions",
    "exams/experiments": "names by which results are stored",
    "exams/scenes/candidates.py": "the same",
    "exams/sentences/papers/features.py": "the same",
}

_TAG = re.compile(r"<[^>]*>|\{[^}]*\}|%\([^)]*\)s")
_WORDS = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")


def sentences_in(source: str) -> list[tuple[int, str]]:
    """List the strings of a program that hold two words in a row, but for docstrings."""
    tree = ast.parse(source)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) for part in getattr(node, "values", ())}
    texts = [
        (node.lineno, text)
        for node in ast.walk(tree)
        if id(node) not in documents | parts and (text := _text(node))
    ]
    return [(line, text) for line, text in texts if _WORDS.search(_TAG.sub("|", text))]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_under(path: Path, names: tuple[str, ...] | dict[str, str]) -> bool:
    return any(path == ROOT / name or ROOT / name in path.parents for name in names)


@pytest.mark.parametrize(
    "source",
    ['x = "two words"', 'f(f"there are {n} of them")', 'raise ValueError("it is wrong")'],
)
def test_a_sentence_is_found(source):
    assert len(sentences_in(source)) == 1


@pytest.mark.parametrize(
    "source",
    ['"""Only a docstring."""', 'x = "one_word"', 'x = "<p class=big>{count}</p>"'],
)
def test_what_is_no_sentence_is_not_found(source):
    assert sentences_in(source) == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_sentence_stands_in_the_code(path):
    if is_under(path, FOR_MAINTAINERS) or is_under(path, DATA):
        return
    assert sentences_in(path.read_text("utf-8")) == []
