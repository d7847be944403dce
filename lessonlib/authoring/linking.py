"""Link each term of the glossary where a notebook first uses it, so that sources stay plain."""

import re
from collections.abc import Collection, Iterator

from lessonlib.practice.terms import anchor

# Code, keys, headings, links and tables are left alone.
_KEEP = re.compile(
    r"```.*?```|^---\n.*?^---\n|^\+\+\+.*?$|^#.*?$|^\|.*?$|^\*Time:.*?\*$|`[^`]*`|!?\[[^\]]*\]\([^)]*\)"
    r"|<kbd>.*?</kbd>|<[^>]+>|\$[^$]*\$",
    re.DOTALL | re.MULTILINE,
)


def unlinked(text: str, terms: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and term of the first use of every term that a MyST text does not link."""
    names = {name.lower(): name for name in terms}
    longest_first = sorted(names, key=len, reverse=True)
    words = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)
    kept = [found.span() for found in _KEEP.finditer(text)]
    seen = set(re.findall(r"\(glossary\.md#([\w-]+)\)", text))
    for found in words.finditer(text):
        name = names[found[1].lower()]
        if name.isupper() and found[1] != name:
            continue
        hidden = any(start <= found.start() < end for start, end in kept)
        if not hidden and anchor(name) not in seen:
            seen.add(anchor(name))
            yield found.start(), found.end(), name


def linked(text: str, terms: Collection[str]) -> str:
    """Return a text in which the first use of every term leads to the glossary."""
    for start, end, name in reversed(list(unlinked(text, terms))):
        text = f"{text[:start]}[{text[start:end]}](glossary.md#{anchor(name)}){text[end:]}"
    return text
