"""What the names of files and folders say: an exercise, a person, or nothing about either."""

import os
import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

_NOTEBOOK = re.compile(r"(?P<stem>.+)\.ipynb(?:\.txt|\.json)?\s*", re.IGNORECASE)
_OF_A_COPY = re.compile("|".join(NAMES["of_a_copy"]))
# A browser that downloads a file may put the name of its folder before it.
_OF_ITS_FOLDER = re.compile(r"(?<![^\W_])exercises[\W_]*$", re.IGNORECASE)
_DATE = re.compile(r"20\d\d(?:[-_. ]\d\d?){2}(?:[-_. T]\d\d?)*")
_BEFORE_A_NAME = re.compile(r"^\W*(?:(?:copy[ _]of|kopie[ _]von|copi[ea][ _]de)[ _])*[\W_]*", re.I)
_AFTER_A_NAME = re.compile(
    r"(?:[ _-]*(?:\(\d+\)|\[\d+\]|-[ _]?(?:copy|kopie)\d*|[ _]copy\d*))*[\W_]*$", re.I
)
_AROUND = re.compile(
    rf"(?:{'|'.join(NAMES['around'])})(?:[\W_]*\d+(?:[\W_].*)?|[\W_]+.*)?"
    r"|.*[-_ ]submissions|assignment_\d+_export",
    re.IGNORECASE | re.DOTALL,
)
_TEAM = re.compile(rf"(?:{'|'.join(NAMES['teams'])})(?:[\W_]*\d+|[\W_]+.*)", re.IGNORECASE)
_UNSEEN = re.compile(f"[{NAMES['unseen']}]")


def readable(name: str) -> str:
    """Return a name as text, also one that an old archive holds in an encoding of its own."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "cp1252", "cp437"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Umlauts of one encoding are quotation marks and box drawings of another.
        if encoding == "utf-8" or all(mark.isalpha() for mark in text if mark > "\x7f"):
            return text
    return raw.decode("utf-8", "backslashreplace")


def alike(name: str) -> str:
    """Return what two spellings of one name have in common, by Unicode's rules."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", readable(name)) or name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_notebook(name: str) -> bool:
    """Tell whether a file is a notebook, or was one before it was renamed or packed."""
    return ".ipynb" in name.lower()


def is_hidden(name: str) -> bool:
    """Tell whether a name is one that programs give to what no person handed in."""
    return name.lower().startswith((".", "__macosx", "__pycache__"))


def exercise_of(name: str, known: Collection[str]) -> str | None:
    """Return the exercise that a notebook's file name names, however it was renamed besides."""
    return exercise_in(stem(name), known) if _NOTEBOOK.fullmatch(name) else None


def exercise_in(name: str, known: Collection[str]) -> str | None:
    """Return the one exercise that a name holds; None if it holds none or several."""
    held = [each for each in known if _words(each) in _words(name)]
    longest = max(held, key=len, default=None)
    return longest if all(_words(each) in _words(longest or "") for each in held) else None


def besides(name: str, exercise: str) -> tuple[str, str]:
    """Return what stands before and after an exercise's name in another name."""
    words = re.findall(r"[^\W_]+", exercise)
    found = re.search(r"[\W_]+".join(map(re.escape, words)), name, re.IGNORECASE)
    return (name[: found.start()], name[found.end() :]) if found else (name, "")


def person_in(name: str, exercise: str, surely: bool = False) -> str:
    """Return whose name may stand beside an exercise's; if `surely`, also one like *final*."""
    before, after = (
        "" if is_of_a_copy(part, True, surely) else part for part in besides(name, exercise)
    )
    before = _OF_ITS_FOLDER.sub("", before)
    parts = _BEFORE_A_NAME.sub("", before).rstrip(" _-.\\"), _AFTER_A_NAME.sub("", after)
    return " ".join(filter(None, (_BEFORE_A_NAME.sub("", part) for part in parts)))


def without_number(name: str) -> str:
    """Return a name without what a program puts beside that of a copy: *(1)*, *- Copy*."""
    return _AFTER_A_NAME.sub("", _BEFORE_A_NAME.sub("", name))


def without_copy(name: str) -> str:
    """Return a name without the words that may say which copy it is: *final*, *v2*."""
    words = re.findall(r"[^\W_]+", name)
    telling = (word for word in words if not is_of_a_copy(word, surely=False))
    return " ".join(telling) or name


def is_older(name: str) -> bool:
    """Tell whether a name says that there is a newer copy."""
    return not {*NAMES["older"]}.isdisjoint(_words(name).split("_"))


def is_around(name: str) -> bool:
    """Tell whether a folder is called like one around the folders of people."""
    return _AROUND.fullmatch(readable(name)) is not None


def is_team(name: str) -> bool:
    """Tell whether a folder is called like a team: one that hands in, or one of people."""
    return _TEAM.fullmatch(readable(name)) is not None


def stem(name: str) -> str:
    """Return a notebook's name without its ending, any other name as it is."""
    notebook = _NOTEBOOK.fullmatch(name)
    return notebook["stem"] if notebook else name


def is_of_a_copy(name: str, bare_numbers: bool = False, surely: bool = True) -> bool:
    """Tell whether a name says, by default surely, which copy it is of: *attempt 2*, *final*."""
    words = re.findall(r"[^\W_]+", alike(name))
    if _DATE.fullmatch(name):
        return True
    if any(word.isdecimal() and len(word) > 4 for word in words):
        return False  # years and the numbers of copies are short; the number of a person is not
    plain = [re.sub(r"\d+$", "", word) for word in words if not word.isdecimal()]
    if surely and plain == words and {*NAMES["or_a_surname"]}.issuperset(plain):
        return not words
    return bool(plain or bare_numbers) and all(map(_OF_A_COPY.fullmatch, plain))


@lru_cache(maxsize=4096)
def _words(name: str) -> str:
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", name)).casefold()
