"""Formulas as pictures, with their source for who cannot see them."""

import base64
import io
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from lessonlib.grading.paper.text import escaped

LONGEST = 300  # characters of a line
MOST_LINES = 12
_TEX = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_WORD = re.compile(r"\\[A-Za-z]+")
_SHORT = re.compile(r"\\frac\s*(\d)\s*(\w)")  # 12 instead of {1}{2}
_LINES = re.compile(r"(.*?)\\begin ?\{(\w+)\*?\}(.*)\\end ?\{\2\*?\}(.*)")


def formula(tex: str, shown: bool = False) -> str:
    """Return a formula as a picture, or one for each of its lines; else as it was written."""
    tex, style = " ".join(tex.split()), "shown" if shown else "inline"
    found = _LINES.fullmatch(tex)
    before, kind, inside, after = found.groups() if found else ("", "aligned", tex, "")
    lines = [line for line in inside.split(r"\\") if line.strip()]
    beside, gap = _TEX["lines"].get(kind), " " if "align" in kind or kind == "split" else r"\quad "
    source = f'<code class="formula">{escaped(tex)}</code>'
    if not beside or not 0 < len(lines) <= MOST_LINES:
        return source
    if not found and len(lines) == 1:
        return _drawn(tex, style) or source
    rows = [_drawn(line.replace("&", gap), "shown") for line in lines]
    ends = [
        _drawn(each, "inline") if each.strip(" .,") else each or " " for each in (before, after)
    ]
    if not all([*rows, *ends]):
        return source
    several = f'<span class="lines {beside}">{"".join(rows)}</span>'
    return f'<span class="formula {style}">{ends[0]}{several}{ends[1]}</span>'


@lru_cache(maxsize=500)
def _drawn(tex: str, kind: str) -> str:
    """Return one line as a picture; nothing if it cannot be drawn."""
    if len(tex) > LONGEST or "$" in tex.replace(r"\$", ""):
        return ""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import math_to_image

    known = _WORD.sub(lambda word: _TEX["same"].get(word[0], word[0]), tex)
    known, file = _SHORT.sub(r"\\frac{\1}{\2}", known), io.BytesIO()
    try:
        depth = math_to_image(f"${known}$", file, prop=FontProperties(size=13), format="svg")
    except (ValueError, RuntimeError, RecursionError, OverflowError):  # it knows a part of TeX
        return ""
    address = f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"
    place, said = f"vertical-align:{-depth:.1f}pt", escaped(tex.strip())
    return f'<img class="formula {kind}" style="{place}" src="{address}" alt="{said}">'
