"""Markdown as a notebook shows it, safe wherever it comes from."""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from lessonlib.grading.paper.formulas import formula
from lessonlib.grading.paper.hypertext import clean
from lessonlib.grading.paper.text import escaped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

LONGEST = 20_000  # characters; a parser may need a second for so many that are meant to slow it
MOST_FORMULAS = 100
_PLACES = "\ue000{}\ue001"  # stand for formulas while all around them is cleaned
_FORMULA = re.compile(
    r"\$\$(?P<shown>.+?)\$\$|\\\\\[(?P<bracket>.+?)\\\\\]|\$(?!\s)(?P<inline>[^$`]+?)(?<!\s)\$(?!\d)",
    re.DOTALL,
)


def rendered(text: str, picture: Callable[[str], str] = lambda _: "") -> str:
    """Return Markdown as HTML; `picture` finds what ``![](name)`` shows."""
    if len(text) > LONGEST:
        return f'<pre tabindex="0">{escaped(text)}</pre>'
    found: dict[str, list[str]] = {"formulas": []}
    html = clean(_parser().render(re.sub("[\ue000\ue001]", "", text), found), picture)
    return re.sub("\ue000(\\d+)\ue001", lambda place: found["formulas"][int(place[1])], html)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "formula", _find_formula)
    parser.add_render_rule("formula", _put_formula)
    return parser


def _find_formula(state: "StateInline", silent: bool) -> bool:
    found = state.src[state.pos] in "$\\" and _FORMULA.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.info = found[found.lastgroup], found.lastgroup
    state.pos = found.end()
    return True


def _put_formula(_: object, tokens: list, number: int, options: object, env: dict) -> str:
    token, formulas = tokens[number], env["formulas"]
    if len(formulas) >= MOST_FORMULAS:
        return f"<code>{escaped(token.content)}</code>"
    formulas.append(formula(token.content, token.info != "inline"))
    return _PLACES.format(len(formulas) - 1)
