"""Show how a function of the course is written: its own source, without its docstring."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from html import escape
from itertools import groupby
from types import FunctionType

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from lessonlib.checks import instance
from lessonlib.styles import STYLE
from lessonlib.views.tables import WORDS

# Pygments' kinds of words, and the class that source.css has for each.
CLASSES = {Comment: "c", Keyword: "k", Operator.Word: "k"}
CLASSES |= {Name.Function: "nf", Number: "m", String: "s"}


class Source:
    """The code of one function; the last line of a cell shows it."""

    def __init__(self, function: Callable) -> None:
        self.name = function.__name__
        self.code = _without_docstrings(textwrap.dedent(inspect.getsource(function)))

    def _repr_html_(self) -> str:
        tokens = PythonLexer().get_tokens(self.code)
        words = ""
        for name, group in groupby(tokens, key=lambda token: _class_of(token[0])):
            code = escape("".join(text for _, text in group))
            words += f'<span class="{name}">{code}</span>' if name else code
        label = escape(WORDS("source_of", name=self.name))
        region = f'<div class="lesson-source" role="region" aria-label="{label}" tabindex="0">'
        return f"{STYLE}{region}<pre>{words}</pre></div>"

    def __repr__(self) -> str:
        return self.code.rstrip()


def show_source(function: Callable) -> Source:
    """Show how a function is written: as coloured code in a notebook, as text anywhere else."""
    return Source(instance(function, "function", FunctionType, WORDS("errors.a_function")))


def _without_docstrings(code: str) -> str:
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            for line in range(node.body[0].lineno - 1, node.body[0].end_lineno):
                lines[line] = None
            if node.body[1:] and not lines[node.body[0].end_lineno].strip():
                lines[node.body[0].end_lineno] = None
    return "\n".join(line for line in lines if line is not None) + "\n"


def _class_of(kind: object) -> str:
    return next((name for group, name in CLASSES.items() if kind in group), "")
