"""How far a translation is: ``python -m lessonlib.words de`` names what it lacks and what is wrong.

What it lacks is said in English. Wrong is what would fail when it is said: a text that nobody asks
for, another slot, another number of texts in a list, or a plural without one of its forms.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from lessonlib import words

FORMS = {"zero", "one", "two", "few", "many", "other"}


def leaves(texts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each text by its whole name; the forms of a plural are one."""
    for key, text in texts.items():
        if key.startswith("_"):
            continue
        if isinstance(text, Mapping) and not text.keys() <= FORMS:
            yield from leaves(text, f"{above}{key}.")
        else:
            yield above + key, text


def compared(tongue: str) -> tuple[list[str], list[str]]:
    """Return what a language lacks of the English texts, and what is wrong in it."""
    lacks, wrong = [], []
    folder = words.files(words.__name__)
    own = {path.name for path in (folder / tongue).iterdir()}
    english = {path.name for path in (folder / words.ENGLISH).iterdir()}
    wrong += [f"{name}: there is no such file" for name in sorted(own - english)]
    forms = set(words._texts(tongue, "language")["plural"]["forms"])
    for name in sorted(english - {"language.toml"}):
        stem = name.removesuffix(".toml")
        wanted = dict(leaves(words._read(words.ENGLISH, stem)))
        given = dict(leaves(words._read(tongue, stem)))
        lacks += [f"{name}: {key}" for key in wanted if key not in given]
        for key, text in given.items():
            if key not in wanted:
                wrong.append(f"{name}: {key} is asked for by nobody")
            elif isinstance(text, Mapping) and text.keys() != forms:
                wrong.append(f"{name}: {key} needs the forms {', '.join(sorted(forms))}")
            elif _shape(text) != _shape(wanted[key]):
                wrong.append(f"{name}: {key} has other slots, or another number of texts")
    return lacks, wrong


def _shape(text: Any) -> tuple[object, set[str]]:
    """Return how many texts there are, and their slots; a plural need not say its number."""
    slots = set(
        re.findall(r"\{(\w+)", str(list(text.values()) if isinstance(text, Mapping) else text))
    )
    if isinstance(text, Mapping):
        return "plural", slots - {"count"}
    return len(text) if isinstance(text, list) else "text", slots


if __name__ == "__main__":
    lacks, wrong = compared(sys.argv[1])
    print(*(f"lacks  {each}" for each in lacks), *(f"WRONG  {each}" for each in wrong), sep="\n")
    print(f"{len(lacks)} said in English, {len(wrong)} wrong")
    sys.exit(bool(wrong))
