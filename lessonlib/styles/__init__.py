"""How everything on a page looks: one stylesheet, which a page needs once.

Whatever is shown brings it along, since nobody knows which cell is run first, or cleared later.
A notebook that is stored keeps one copy: see :func:`styled_once`.
"""

import re
from importlib.resources import files
from typing import Any

# In the order in which they are read: explorers draw strips closer together.
_PARTS = ("strips", "pictures", "clickable", "explorers", "live", "forms", "source")


def _read(part: str) -> str:
    text = (files(__name__) / f"{part}.css").read_text("utf-8")
    words = " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())
    return re.sub(r" ?([{};,]) ?|(?<=[a-z]): ", lambda found: found[1] or ":", words)


CSS = "".join(map(_read, _PARTS))
STYLE = f"<style>{CSS}</style>\n"


def accent(kind: str) -> str:
    """Return the colour of an architecture's strips on a light page; pictures cannot ask it."""
    rules = dict(re.findall(r"\.lesson-strip(?:\.([a-z-]+))?\{[^}]*?--accent:([^;}]+)", CSS)[:3])
    return rules.get(kind, rules[""])


# Beside a page that is not trusted there is no stylesheet; JupyterLab lets these through.
CENTRED = ' style="text-align:center"'
BOXED = ' style="text-align:center;border:1px solid"'
CARD = (
    ' style="border:1px solid #8c959f;border-left:5px solid #8250df;'
    'border-radius:8px;padding:8px 14px"'
)

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"

_ANY_STYLE = re.compile(r"<style>[^<]*\.lesson-[^<]*</style>\n?")
_NEEDS_STYLE = re.compile(r'class="lesson-')


def styled_once(notebook: dict[str, Any]) -> None:
    """Let the first output of a stored notebook that needs it carry the stylesheet, and no other.

    Widgets bring it along, too. They keep it only where no output carries it.
    """
    carries = False
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            html = "".join(data.get("text/html", ""))
            bare = _ANY_STYLE.sub("", html)
            if not carries and VIEW not in data and _NEEDS_STYLE.search(bare):
                carries, bare = True, STYLE + bare
            if bare != html:
                data["text/html"] = bare
    widgets = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    for model in widgets.values():
        if "lesson-" in model["state"].get("_css", ""):
            model["state"]["_css"], carries = "" if carries else CSS, True
