"""Plain pages: those of the site that are neither the book nor the browser edition."""

import shutil
from html import escape
from importlib.resources import files
from pathlib import Path

from lessonlib.site import strips
from lessonlib.words import Words, language

WORDS = Words("site")

HERE = Path(str(files(__name__)))
FOLDER = "look"


def write(out: Path) -> None:
    """Write what all pages share that are no part of the edition: strips that move, and looks."""
    strips.write(out / "strips")
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    for name in ("plain.css", "narrow.css", "plain.js", "reach.js", "icon.svg"):
        shutil.copy(HERE / name, out / FOLDER / name)


def page(title: str, body: str, up: str, head: str = "") -> str:
    """Return a whole page; `up` leads from it to the folder of the site."""
    look = f"{up}{FOLDER}"
    return f"""<!DOCTYPE html>
<html lang="{escape(language())}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="{look}/icon.svg">
{head_of_all(up)}<link rel="stylesheet" href="{look}/plain.css">
<script src="{look}/plain.js"></script>
{head}</head>
{body}
</html>
"""


def head_of_all(up: str) -> str:
    """Return what the head of any page needs on which strips are drawn."""
    look = f"{up}{FOLDER}"
    narrow = f'<link rel="stylesheet" href="{look}/narrow.css">'
    reach = f'<script type="module" src="{look}/reach.js"></script>'
    return "\n".join([strips.head(f"{up}strips"), narrow, reach, ""])


def dark_button() -> str:
    """Return the button that turns a page dark or light."""
    return f'<button type="button" data-turns-dark>{WORDS("plain.dark")}</button>'
