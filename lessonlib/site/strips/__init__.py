"""Explorers that answer on a page without a kernel: the rules of the builders as scripts.

A page that holds a :func:`placeholder` and what :func:`head` returns has an explorer that moves;
where scripts do not run, the drawn strips in the placeholder stay. :func:`write` puts the files
that pages share into one folder: the scripts, the texts and figures that they share with Python
(``data.js``), and ``strips.css``, which is the course's stylesheet and what native controls need.
Nothing is asked for elsewhere. Scripts are modules, so a page has to come from a server.

>>> write(out / "strips")                               # once
>>> page = head("../strips") + placeholder("explore")   # relative to the page

A dark page says ``data-jp-theme-light="false"`` at or above the explorers, and gives the colours
``--jp-content-font-color1`` and so on, as JupyterLab does; without them a page is light.
"""

import ast
import json
from collections.abc import Callable
from html import escape
from importlib.resources import files
from inspect import signature
from pathlib import Path
from typing import Any

from lessonlib.site.strips.shared import data
from lessonlib.styles import CSS
from lessonlib.views import (
    explore,
    explore_attention,
    explore_blanks,
    explore_hiding,
    explore_prefix,
    explore_spans,
)
from lessonlib.views.explorers.base import Explorer

#: The functions of notebooks whose explorers move without a kernel, by name.
EXPLORERS: dict[str, Callable[..., Explorer]] = {
    function.__name__: function
    for function in (
        explore,
        explore_attention,
        explore_blanks,
        explore_hiding,
        explore_prefix,
        explore_spans,
    )
}

_HERE = files(__name__)
_CLICKABLE = files("lessonlib.views") / "clickable.js"


def write(folder: Path) -> None:
    """Write the files that all pages with explorers share; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for script in (*_HERE.iterdir(), _CLICKABLE):
        if script.name.endswith(".js"):
            (folder / script.name).write_text(script.read_text("utf-8"), "utf-8")
    shared = json.dumps(data(), ensure_ascii=False, separators=(",", ":"))
    (folder / "data.js").write_text(" ".join(("export", "default", shared)), "utf-8")
    controls = (_HERE / "controls.css").read_text("utf-8")
    (folder / "strips.css").write_text(f"{CSS}\n{controls}", "utf-8")


def head(folder: str) -> str:
    """Return what a page needs once, in its head or before its first explorer.

    `folder` is the address of the written files, relative to the page.
    """
    return (
        f'<link rel="stylesheet" href="{folder}/strips.css">'
        f'<script type="module" src="{folder}/explorers.js"></script>'
    )


def placeholder(name: str, *arguments: Any, **named: Any) -> str:
    """Draw an explorer of `EXPLORERS` as HTML that the scripts bring to life.

    The arguments are those of the function of that name, and JSON can hold them.
    """
    function = EXPLORERS[name]
    bound = signature(function).bind(*arguments, **named)
    bound.apply_defaults()
    given = escape(json.dumps(bound.arguments, ensure_ascii=False))
    drawn = "".join(view.value for view in function(**bound.arguments).views)
    what = f'data-explorer="{name}" data-arguments="{given}"'
    return f'<div class="lesson-explorer" {what}>{drawn}</div>'


def placeholder_of(source: str) -> str | None:
    """Return the placeholder for the explorer that a cell of a notebook makes.

    None if it makes none of `EXPLORERS`, or with arguments that only running it would tell.
    """
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in EXPLORERS:
            try:
                arguments = map(ast.literal_eval, call.args)
                named = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
                return placeholder(call.func.id, *arguments, **named)
            except ValueError:  # a name, or a computation
                return None
    return None
