"""All that a person reads in a sentence: texts by name, one folder per language.

A folder such as ``en/`` holds a TOML file for each part of the package, and ``language.toml``,
which says how its language counts and lists. A text is a string with named slots, such as
``"{name} is missing"``; one that depends on a number has a form for each of the language's plural
categories, and the slot ``count`` chooses. A translation is another folder; what it lacks is said
in English.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from lessonlib.words.pseudo import pseudo

ENGLISH = "en"
PSEUDO = "pseudo"
SETTING = "LESSONLIB_LANGUAGE"

Texts = Mapping[str, Any]


def language() -> str:
    """Return the language that people are spoken to in: that of the environment, or English."""
    return os.environ.get(SETTING) or ENGLISH


class Words:
    """The texts of one file, named without its ending, in the language of the day."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, key: str, **slots: Any) -> str:
        """Say one text by its name, which has dots in it where tables stand in tables.

        `slots` is what stands in its slots; `count` also chooses the plural. KeyError if there is
        no such text, or a slot is not filled.
        """
        found: Any = self.texts
        for part in key.split("."):
            try:
                found = found[part]
            except (KeyError, TypeError):
                raise KeyError(f"no text {key!r} in {self.name}.toml") from None
        if isinstance(found, Mapping):
            found = found[_plural(language())(slots["count"])]
        return found.format_map(slots) if slots else found

    @property
    def texts(self) -> Texts:
        """All of them, as they stand in the file."""
        return _texts(language(), self.name)


def listed(items: Iterable[str], joined_by: str = "and") -> str:
    """Say several things in a row, such as "a, b and c", or joined by "or"."""
    *first, last = items
    if not first:
        return last
    comma, final = _texts(language(), "language")["lists"][joined_by]
    return final.format(comma.join(first), last)


def files(package: str) -> Any:
    """Return the folder of a package; what reads files is imported when a text is first needed."""
    from importlib import resources

    return resources.files(package)


@cache
def _texts(tongue: str, name: str) -> Texts:
    if tongue == PSEUDO:
        texts = _texts(ENGLISH, name)
        return texts if name == "language" else pseudo(texts)
    if tongue == ENGLISH:
        return _read(ENGLISH, name)
    return _filled_up(_read(tongue, name), _texts(ENGLISH, name))


def _read(tongue: str, name: str) -> Texts:
    import tomllib

    file = files(__name__) / tongue / f"{name}.toml"
    if tongue == ENGLISH or file.is_file():
        return tomllib.loads(file.read_text("utf-8"))
    if not (files(__name__) / tongue).is_dir():
        raise ValueError(
            f"{SETTING}={tongue!r} is no language of this course; there is a folder of texts for "
            f"each: {', '.join(sorted(f.name for f in files(__name__).iterdir() if f.is_dir()))}"
        )
    return {}


def _filled_up(texts: Texts, english: Texts) -> Texts:
    both = dict(english)
    for key, text in texts.items():
        nested = isinstance(text, Mapping) and isinstance(both.get(key), Mapping)
        both[key] = _filled_up(text, both[key]) if nested else text
    return both


@cache
def _plural(tongue: str) -> Callable[[float], str]:
    """Return what chooses the plural category of a number."""
    from gettext import c2py  # reads the plural rules that every translator knows

    plural = _texts(ENGLISH if tongue == PSEUDO else tongue, "language")["plural"]
    rule = c2py(plural["rule"])
    return lambda count: plural["forms"][rule(int(count)) if count == int(count) else -1]
