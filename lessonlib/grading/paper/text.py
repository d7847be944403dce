"""Text that is safe to show, whatever a submission or a file name holds."""

import os
import re
import sys
from contextlib import suppress
from html import escape

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# Numbers that would lose zeros or digits, dates, times, and words for truth.
_CHANGED = re.compile(
    r"0\d+|\d{16,}|\d+(?:\.\d+)?e\d+|\d+(?:[-/.:]\d+){1,2}"
    rf"|{_MONTH}[-/ ]?\d+|\d+[-/ ]?{_MONTH}|true|false",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Marks that turn the direction of writing can make code read differently from what it does.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def safe(text: object) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers."""
    said = without_controls(str(text))
    if isinstance(text, (int, float)) or re.fullmatch(r"-?\d+(\.\d+)?", said):
        return said
    # The apostrophe of a text that `plain` would take for one of ours is kept by another.
    ours = said.lstrip(" '").startswith(_FORMULA) or plain(said) != said
    return f"'{said}" if ours else said


def kept(text: object) -> str:
    """Return a text that a spreadsheet program also shows and saves as it stands.

    Such programs take ``007``, ``may5`` and long numbers for numbers and dates of their own making.
    """
    said = without_controls(str(text))
    changed = isinstance(text, str) and _CHANGED.fullmatch(said.lstrip(" '").rstrip())
    return f"'{said}" if changed else safe(text)


def plain(text: str) -> str:
    """Return the text that ``safe`` or ``kept`` was given."""
    if not text.startswith("'"):
        return text
    inner = text[1:].lstrip(" '")
    guarded = inner.startswith(_FORMULA) or _CHANGED.fullmatch(inner.rstrip())
    return text[1:] if guarded else text


def without_controls(text: str) -> str:
    """Return a text without the characters that XML and terminals cannot show."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(text: str) -> str:
    """Return a text as HTML shows it: no markup, no colours of terminals, no turn of direction."""
    return escape(visible(text))


def visible(text: str) -> str:
    """Return a text without colours of terminals; each turn of direction is named."""
    plain = without_controls(_COLOURS.sub("", text))
    return _TURNS.sub(lambda mark: f"<U+{ord(mark.group()):04X}>", plain)


def tell(text: str, error: bool = False) -> None:
    """Print a text; letters that the terminal has not are written as escapes.

    Grades are written to files, so nothing is lost where the terminal is gone.
    """
    stream = sys.stderr if error else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = without_controls(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(shown, file=stream, flush=True)
    except (OSError, ValueError):
        # What is left goes nowhere, so that Python does not try again at its end.
        with suppress(OSError, ValueError, AttributeError), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
