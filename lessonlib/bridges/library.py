"""Whether the library is there, and what is said where it is not."""

from importlib.util import find_spec
from typing import Any

from lessonlib.bridges.forms import WORDS
from lessonlib.practice.page import Page, paragraph

NEEDED = ("accelerate", "torch", "transformers")


def missing() -> list[str]:
    """List the packages of the extra ``real`` that are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def transformers() -> Any:
    """Return the library, told to keep its advice to itself: a page shows no warnings."""
    import transformers

    transformers.logging.set_verbosity_error()
    return transformers


def note(key: str, **slots: object) -> Page:
    """Say something in a paragraph, where a result would otherwise stand."""
    said = WORDS(key, **slots)
    return Page(paragraph(said), said)


def not_installed() -> Page:
    """Say which packages are missing, and how to get them."""
    return note("not_installed", packages=", ".join(missing()), count=len(missing()))
