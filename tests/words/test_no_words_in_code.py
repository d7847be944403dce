"""No sentence stands in the code: a translation is a folder of texts."""

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lessonlib

ROOT = Path(lessonlib.__file__).parent

# Who works on the course reads these, and nobody learns or grades by them.
FOR_MAINTAINERS = (
    "authoring",
    "words",
    "exams/measured.py",
    "exams/sentences/__main__.py",
    "bridges/__main__.py",
)

# Files with data in a human language, and with other programs' words.
DATA = {
    "lazy.py": "what Python itself says of a name that a module does not have",
    "grading/books/exports.py": "the columns that Canvas, Moodle and nbgrader read",
    "grading/books/worksheets.py": "the columns that Canvas writes",
    "grading/by_hand/server.py": "headers that browsers read",
    "grading/classroom/feedback.py": "the columns that Moodle reads",
    "grading/confined/inside": "programs in the sandbox, whose output only the grader reads",
    "grading/intake/layouts.py": "how platforms name files",
    "grading/intake/who.py": "the columns of a file that the grader reads back",
    "practice/questions/sentences.py": "the words that sentences are drawn from",
    "styles": "how a page looks, in CSS",
    "worlds/scenes/scene.py": "what captions say, as a subject, is English everywhere",
    "site/edition/wheels.py": "what installers read of a wheel",
    "exams/experiments": "names by which results are stored",
    "exams/exam.py": "the same",
    "exams/results/rows.py": "the same",
    "exams/sentences/cells.py": "the same",
    "exams/sentences/shapes.py": "the same",
    "exams/scenes/candidates.py": "the same",
    "exams/sentences/features.py": "the same",
}

# Texts that look like sentences and are none; the others in their files are looked at.
NO_SENTENCES = {
    **dict.fromkeys(["patch {}", "caption {}", "picture {}"], "tokens, as [MASK] is"),
    **dict.fromkeys(["exercise {}", "progress {}", "end {}"], "names of pages and displays"),
    "mask {}": "the name of a text",
    **dict.fromkeys(["{}, mean", "{}, max", "{}, last"], "names by which results are stored"),
    **dict.fromkeys(["in a notebook", "lessonlib measure"], "the command stored with a result"),
    "**{}:**\n\n{}text\n{}\n{}": "Markdown around texts",
    **dict.fromkeys(["def ", "def |#|[\\\"']|from |import |@"], "how lines of Python begin"),
    "{}\nprobe(*{}, learner)\n": "Python",
    "'s' if number == 'many' else ''": "the grammar of the sentences that models read",
    "Pss:": "a line of the system's",
    "before.strip(' _-').replace('_', ' ')": "how names are compared",
}

_ATTRIBUTE = re.compile(r"""(?:alt|title|aria-label|placeholder)=["']?([^"'>]*)""")
_INLINE = re.compile(r"</?(?:a|abbr|b|bdi|code|em|i|kbd|small|span|strong|u)\b[^>]*>|&nbsp;")
_TAG = re.compile(r"<[^>]*>|%\([^)]*\)[sd]")
_SLOT = re.compile(r"\{[^{}]*\}|%[sd]")
_CODE = re.compile(r"^[\w.]*\([^()]*\)+$|\(\?|\\[wbsd]|__\(|=[\"'{]|^M\{")
_SELECTOR = re.compile(r"(?:^| )[.:\[]\w|[\w\]] ?>|\w\[|[a-z]-[a-z]+ [a-z]+-[a-z]")  # or classes
QUOTED = r"""(["'`])((?:(?!\1).)*)\1"""  # in a script
_JUPYTERLAB_SAYS = "Error displaying widget: model not found"
_WORD = r"[^\W\d_](?:[\w'’-]*\w)?"
_APART = r"[^\w\s]{0,3}\s+[^\w\s]{0,3}"
_SENTENCE = re.compile(
    rf"(?<![\w.-])(?:{_WORD}|\d+){_APART}{_WORD}(?![\w(=.]\w)"  # words, or a number of something
    rf"|^[,;:]?\s+{_WORD}\s|^{_WORD},?\s+$"  # what joins two parts
    r"|^[A-Z][a-z]+[.!?:…]$|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}"
)


def is_sentence(text: str) -> bool:
    """Tell whether a text is one that people read: two words or a number of things, and the like.

    What fills a slot of it counts as a word.
    """
    whole = _INLINE.sub(" ", text)
    for part in [*_ATTRIBUTE.findall(text), *_TAG.split(whole)]:
        has_words = re.search(r"[^\W\d_]{2,}", _SLOT.sub("", part)) and not _CODE.search(part)
        if has_words and _SENTENCE.search(_SLOT.sub("it", part)):
            return True
    return "{}s " in text or text.endswith("{}s")


def sentences_in(source: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of a program that people read, but for docstrings, each with its line."""
    for line, text in _found(ast.parse(source)):
        if text not in NO_SENTENCES:
            yield line, text


def _found(tree: ast.AST) -> Iterator[tuple[int, str]]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) for part in getattr(node, "values", ())}
    for node in ast.walk(tree):
        text = "" if id(node) in documents | parts else _text(node)
        if is_sentence(text):
            yield node.lineno, text
        if _is_made_of_a_name(node) or _says_what_is_wrong(node):
            yield node.lineno, ast.unparse(node)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    return _constant(node)


def _constant(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_made_of_a_name(node: ast.AST) -> bool:
    """Tell whether a docstring is read, a plural's "s" is added, or an identifier made a text."""
    if isinstance(node, ast.IfExp):
        return {_constant(node.body), _constant(node.orelse)} == {"", "s"}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "replace" and [*map(_constant, node.args)] == ["_", " "]
    return "__doc__" in (getattr(node, "attr", ""), getattr(node, "id", ""))


def _says_what_is_wrong(node: ast.AST) -> bool:
    """Tell whether one of Python's own exceptions is raised with a text, be it one word."""
    if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
        return False
    is_pythons = getattr(node.exc.func, "id", "") in vars(builtins)
    said = [_SLOT.sub("", _text(each)) for each in node.exc.args]
    return is_pythons and any(re.search(r"[A-Za-z]{2}", each) and "=" not in each for each in said)


def is_under(path: Path, names: tuple[str, ...] | dict[str, str]) -> bool:
    return any(path == ROOT / name or ROOT / name in path.parents for name in names)


@pytest.mark.parametrize(
    "source",
    [
        'x = "two words"',
        'x = "no, never"',
        'x = "left-out tokens"',
        'x = "It\'s wrong"',
        'x = "a — b wrong"',
        'x = "`f` is missing"',
        'x = "wrong (answer)"',
        'x = "Limits: none"',
        'x = "Wrong.\\nAgain."',
        'x = "Wrong."',
        'x = "3 rows"',
        'x = "答案不对"',
        'x = "<b>Wrong</b> <i>answer</i>"',
        "x = '<img alt=\"wrong answer\">'",
        "x = f'<div aria-label=\"all questions\">{y}</div>'",
        'f(f"there are {n} of them")',
        'x = f"{n} rows"',
        'x = f"{n} of {m}"',
        'x = f"{step}s all over"',
        'x = "%d rows" % n',
        'x = "{} rows".format(n)',
        'x = " or ".join(names)',
        'x = ", and ".join(names)',
        'x = noun + ("" if n == 1 else "s")',
        'x = name.replace("_", " ")',
        "print(f.__doc__)",
        "print(__doc__)",
        'raise ValueError("bad")',
        'raise ValueError(f"bad {x}")',
        'assert x, "it is wrong"',
        'x = {"two words": 1}',
    ],
)
def test_a_sentence_is_found(source):
    assert list(sentences_in(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Only a docstring."""',
        'x = "one_word"',
        'x = "<p class=big>{count}</p>"',
        'x = f"<td>{one}</td> <td>{other}</td>"',
        'x = f"course.{key}"',
        'raise KeyError(WORDS("missing"))',
        "raise KeyError(name)",
    ],
)
def test_what_is_no_sentence_is_not_found(source):
    assert list(sentences_in(source)) == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_sentence_stands_in_the_code(path):
    if not is_under(path, FOR_MAINTAINERS) and not is_under(path, DATA):
        assert list(sentences_in(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("text", ["Wrong answer", "Look at {}", "3 rows"])
def test_a_selector_is_told_from_a_sentence(text):
    assert is_sentence(text)
    assert not _SELECTOR.search(text)


@pytest.mark.parametrize(
    "path",
    sorted(path for kind in ("js", "css", "html") for path in ROOT.rglob(f"*.{kind}")),
    ids=lambda path: path.name,
)
def test_no_sentence_stands_in_scripts_styles_and_pages(path):
    comments = r"/\*.*?\*/|//[^\n]*|<style>.*?</style>|<meta[^>]*>"
    text = re.sub(comments, "", path.read_text("utf-8"), flags=re.DOTALL)
    scripts = [text] if path.suffix == ".js" else re.findall(r"<script>(.*?)</script>", text, re.S)
    found = [pair for script in scripts for pair in re.findall(QUOTED, script)]
    if path.suffix != ".js":
        text = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
        found += re.findall(r"""content:\s*["'](.*?)["']|>([^<]*)<""", text)
    said = [part for pair in found for part in pair]
    texts = [re.sub(r"\$\{.*?\}|\$\w+", "{}", part) for part in said if part != _JUPYTERLAB_SAYS]
    assert [text for text in texts if is_sentence(text) and not _SELECTOR.search(text)] == []


def test_every_exception_is_still_there():
    trees = [ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")]
    assert NO_SENTENCES.keys() <= {text for tree in trees for _, text in _found(tree)}
    assert all((ROOT / name).exists() for name in (*DATA, *FOR_MAINTAINERS))
