"""HTML out of a submission: what a reader sees of it, and nothing that runs, loads or covers.

It is not filtered but written anew: of names on a list, with escaped texts, and balanced. What is
around it must confine where it is drawn (``contain``), and may be no table, list or heading.
"""

import re
import tomllib
from collections.abc import Callable
from html import unescape
from pathlib import Path

from lessonlib.grading.paper.pictures import embedded
from lessonlib.grading.paper.text import escaped
from lessonlib.grading.paper.words import WORDS

LONGEST = 300_000  # characters; a large table has a tenth of this
DEEPEST = 60  # elements in one another
_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_KEPT = {name: frozenset(names) for name, names in _LISTS.items()}
_HEADING = re.compile("h[1-6]")
_LEVELS = ("h4", "h5", "h6")  # those below a page's own
_VALUE = re.compile(r"[\w\s#%.,()/*+-]*")


def clean(text: str, picture: Callable[[str], str] = lambda _: "") -> str:
    """Return HTML as it may stand on a page; `picture` finds what an ``<img>`` of a name shows."""
    if len(text) > LONGEST:
        return f'<pre tabindex="0">{escaped(text[:LONGEST])}</pre>'
    cleaner = _Cleaner(picture)
    cleaner.read(text)
    return cleaner.finished()


# Python's own parser needs minutes for what is meant to slow it; this one never looks back.
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*("[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s>]*))?"""
)
_REST_OF_A_TAG = re.compile(r"[\s/]*>")
_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")


class _Cleaner:
    def __init__(self, picture: Callable[[str], str]) -> None:
        self.picture = picture
        self.parts: list[str] = []
        self.open: list[tuple[str, str]] = []  # an element, and what follows its end
        self.hidden: list[str] = []
        self.outline: list[str] = []  # the headings, as they were given, that the place is under

    def read(self, text: str) -> None:
        """Go through markup as a browser does; what is cut off at the end is left out."""
        place, low = 0, text.lower()
        while place < len(text):
            tag = text.find("<", place)
            self.data(text[place : tag if tag >= 0 else len(text)])
            if tag < 0:
                return
            if found := _TAG.match(text, tag):
                name, place = found[2].lower(), found.end()
                given: dict[str, str] = {}
                while not (end := _REST_OF_A_TAG.match(text, place)):
                    if not (attribute := _ATTRIBUTE.match(text, place)):
                        return
                    place, value = attribute.end(), attribute[2] or ""
                    value = value[1:].rstrip(value[0]) if value[:1] in ("'", '"') else value
                    given.setdefault(attribute[1].lower(), _without_entities(value))
                place = end.end()
                if found[1]:
                    self.end(name)
                    continue
                self.start(name, given)
                if name in _RAW and (place := low.find(f"</{name}", place)) < 0:
                    return
            elif text[tag + 1 : tag + 2] in ("!", "?", "/"):
                mark = "-->" if text.startswith("<!--", tag) else ">"
                if (place := text.find(mark, tag)) < 0:
                    return
                place += len(mark)
            else:
                place = tag + 1
                self.data("<")

    def start(self, tag: str, given: dict[str, str]) -> None:
        if self.hidden or tag in _KEPT["hidden"]:
            if tag in _KEPT["hidden"]:
                self.hidden.append(tag)
            return
        if _HEADING.fullmatch(tag):
            self.outline = [*(each for each in self.outline if each < tag), tag]
            tag = _LEVELS[min(len(self.outline), len(_LEVELS)) - 1]
        if tag == "img":
            self.parts.append(self._img(given))
        elif tag in _KEPT["empty"]:
            self.parts.append(f"<{tag}{self._attributes(tag, given)}>")
        elif len(self.open) < DEEPEST and tag in _KNOWN:
            self.parts.append(f"<{tag}{self._attributes(tag, given)}>")
            self.open.append((tag, _address(given.get("href", "")) if tag == "a" else ""))

    def end(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                del self.hidden[self.hidden.index(tag) :]
            return
        if _HEADING.fullmatch(tag):  # of whichever level: the last one that is open
            tag = next((name for name, _ in self.open[::-1] if name in _LEVELS), tag)
        while any(tag == name for name, _ in self.open):
            name, after = self.open.pop()
            self.parts.append(f"</{name}>{after}")
            if name == tag:
                break

    def data(self, text: str) -> None:
        if not self.hidden:
            self.parts.append(escaped(_without_entities(text)))

    def finished(self) -> str:
        ends = (f"</{name}>{after}" for name, after in reversed(self.open))
        whole = "".join([*self.parts, *ends])
        return re.sub(r"<th[^>]*>(\s*)</th>", r"<td>\1</td>", whole)  # a corner, not a heading

    def _img(self, given: dict[str, str]) -> str:
        source, alt = given.get("src", ""), given.get("alt", "")
        shown = embedded(source) or self.picture(source)
        if shown:
            sizes = {name: given[name] for name in ("width", "height") if name in given}
            alt = escaped(alt or WORDS("marking.picture"))
            return f'<img src="{shown}" alt="{alt}"{self._attributes("img", sizes)}>'
        address = "" if source.startswith("data:") else _address(source)
        return f"<em>{escaped(alt)} {WORDS('marking.not_loaded')}</em>{address}"

    def _attributes(self, tag: str, given: dict[str, str]) -> str:
        found = {}
        for name, value in given.items():
            drawn = tag in _KEPT["drawn"] and name in _KEPT["of_drawings"]
            if name == "style":
                value = ";".join(filter(_is_harmless, value.split(";")))
            elif name == "class":
                value = " ".join(word for word in value.split() if word.startswith("lesson-"))
            elif name == "role":
                value = value if value == "img" else ""
            elif not drawn and name not in _KEPT["attributes"]:
                continue
            if value and (name in ("style", "class", "role") or not re.search(r"url\s*\(", value)):
                found[name] = value
            elif name == "open":
                found[name] = "open"
        return "".join(f' {name}="{escaped(value)}"' for name, value in found.items())


_KNOWN = _KEPT["plain"] | _KEPT["drawn"] | {*_LEVELS}


def _without_entities(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a number of thousands of digits
        return text


def _is_harmless(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    called = re.findall(r"([\w-]*)\s*\(", value.lower())
    known = name.strip().lower() in _KEPT["styles"] or re.fullmatch(r"\s*--\w+\s*", name)
    return bool(known and _VALUE.fullmatch(value) and _KEPT["functions"].issuperset(called))


def _address(link: str) -> str:
    """Return where a link leads, to be read: nobody gets there by a slip of the finger."""
    is_address = re.match(r"(https?://|mailto:)", link.strip(), re.IGNORECASE)
    return f" <small>({escaped(link.strip()[:300])})</small>" if is_address else ""
