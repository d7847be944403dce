"""The transformer stays small enough to be read in one sitting."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

from lessonlib import models

FOLDER = Path(models.__file__).parent
TO_BE_READ = ("config.py", "layers.py", "transformer.py")
"""The files a reader opens, in this order. What is checked, saved or trained stands in others."""
MOST_LINES = 350
NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
    *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}


def lines_of_code(source):
    """Count the lines that hold a token which is neither a comment nor part of a docstring."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    used = {
        line
        for token in tokens
        if token.type not in NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    strings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    return len(used - strings)


def test_what_a_reader_opens_has_few_lines_of_code():
    counted = {name: lines_of_code((FOLDER / name).read_text("utf-8")) for name in TO_BE_READ}
    assert sum(counted.values()) <= MOST_LINES, counted


def test_nothing_else_of_the_room_is_needed_to_read_it_but_the_checks():
    for name in TO_BE_READ:
        tree = ast.parse((FOLDER / name).read_text("utf-8"))
        needed = {
            node.module.removeprefix("lessonlib.models.") + ".py"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module.startswith("lessonlib.models.")
        }
        assert needed <= {*TO_BE_READ, "inputs.py"}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1\n\n# a comment\ny = 2  # another\n", 2),
        ('def f(x):\n    """Say.\n\n    More.\n    """\n    return x\n', 2),
        ('x = (\n    1,\n    # no\n    "two",\n)\n', 4),
        ('x = """a\n\nb"""\n', 3),
    ],
)
def test_how_it_counts(source, lines):
    assert lines_of_code(source) == lines
