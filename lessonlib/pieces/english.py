"""English that is installed anyway, and how often each of its units occurs."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from lessonlib.pieces.tokenizer import units

FEWEST_WORDS = 8  # of a paragraph; shorter ones are headings and labels


@cache
def installed_english() -> tuple[str, ...]:
    """Return the paragraphs of Python's help topics, or where they are missing, NumPy's help.

    Kept are those that read as sentences. It is whatever the Python that runs this brings along,
    so what is counted here differs a little from one version to the next.
    """
    paragraphs = (" ".join(p.split()) for text in _help() for p in re.split(r"\n\s*\n", text))
    return tuple(dict.fromkeys(filter(_reads_as_sentences, paragraphs)))


def counted(texts: Iterable[str]) -> Counter[str]:
    """Count the units of texts."""
    return Counter(unit for text in texts for unit in units(text))


def _help() -> list[str]:
    try:
        from pydoc_data.topics import topics  # half a megabyte: only where it is needed
    except ImportError:  # a small Python, as in a browser
        import inspect

        import numpy as np

        members = [member for _, member in sorted(vars(np).items()) if callable(member)]
        return [inspect.getdoc(member) or "" for member in members]
    return [topics[name] for name in sorted(topics)]


def _reads_as_sentences(paragraph: str) -> bool:
    begins, ends = paragraph[:1].isupper(), paragraph.endswith((".", ":"))
    return begins and ends and len(paragraph.split()) >= FEWEST_WORDS
