"""The small file that a learner may hand in: what was predicted, and thought before and after.

It holds names of answers, not their texts, and no name of a person unless that was typed.
"""

import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lessonlib.practice import store
from lessonlib.practice.concepts import FORMS, PHASES, concepts, forms_kept, kept_answers
from lessonlib.practice.predictions import kept_choice, predictions, right_answers
from lessonlib.words import Words

WORDS = Words("practice")
FORMAT = "lessonlib-class-1"
FILE = "answers_for_my_class.json"
SECTION = "class_file"
LARGEST = 100_000  # bytes; all that there is to say takes about five thousand
LONGEST_NAME = 80  # characters
MOST_EDITIONS = 1_000_000

_COPY = re.compile(r"[0-9a-f]{16}")


class ClassFileError(Exception):
    """A file that holds no answers for a class; its text says why."""


@dataclass(frozen=True)
class Predicted:
    """Which option was predicted, and which are right, counted from 0; none if not measured."""

    chosen: int
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Handed:
    """What one learner hands in.

    `copy` is a number drawn once, by which files of the same learner are recognised, and `edition`
    counts them. `answers` has for each phase of the inventory what each answer shows, and `forms`
    in which form its questions were asked; an older file does not say so, and meant the first.
    """

    name: str
    copy: str
    edition: int
    answers: Mapping[str, Mapping[str, str]]
    predicted: Mapping[str, Predicted]
    forms: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered or predicted."""
        return not (self.predicted or any(self.answers.values()))

    def as_text(self) -> str:
        """Write the file, so that a person can read it."""
        predicted = {
            name: {"chosen": each.chosen, "right": list(each.right)}
            for name, each in self.predicted.items()
        }
        whole = {
            "format": FORMAT,
            "name": self.name,
            "copy": self.copy,
            "edition": self.edition,
            "forms": dict(self.forms),
            **{phase: dict(self.answers[phase]) for phase in PHASES},
            "predictions": predicted,
        }
        # One answer a line; an array of whole numbers is easier to read in one.
        text = json.dumps(whole, indent=1)
        return re.sub(r"\[[\s\d,]+\]", lambda found: "".join(found[0].split()), text) + "\n"


@store.read_once()
def to_hand_in(name: str = "") -> Handed:
    """Gather what is kept; `name` is what the learner typed, if anything."""
    about, predicted = store.kept(SECTION), {}
    for each in predictions().values():
        choice = kept_choice(each)
        if choice is not None:
            right = tuple(each.options.index(option) for option in right_answers(each))
            predicted[each.name] = Predicted(each.options.index(choice), right)
    answers = {phase: kept_answers(phase) for phase in PHASES}
    edition = _edition(about.get("edition")) + 1
    copy = about.get("copy", "")
    handed = Handed(_as_name(name), copy, edition, answers, predicted, forms_kept())
    if _COPY.fullmatch(copy) or handed.is_empty:
        return handed
    store.keep(SECTION, {"copy": secrets.token_hex(8)}, tell=False)
    return to_hand_in(name)


def was_made(handed: Handed) -> None:
    """Keep that a file was made, so that the next one counts as newer."""
    store.keep(SECTION, {"edition": str(handed.edition)}, tell=False)


def read(path: Path) -> Handed:
    """Read a file that somebody handed in: OSError if it cannot be read, else ClassFileError.

    Nothing in it is trusted. What the course does not ask, or is no answer to it, is left out, so
    that files of an older course can be read as well.
    """
    data = _beginning(path)
    if len(data) > LARGEST:
        raise ClassFileError(WORDS("class_file.too_large"))
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        raise ClassFileError(WORDS("class_file.not_whole")) from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ClassFileError(WORDS("class_file.other_format"))
    copy = whole.get("copy")
    return Handed(
        _as_name(whole.get("name")),
        copy if isinstance(copy, str) and _COPY.fullmatch(copy) else "",
        _edition(whole.get("edition")),
        {phase: _answers(whole.get(phase)) for phase in PHASES},
        _predicted(whole.get("predictions")),
        _forms(whole.get("forms")),
    )


def _beginning(path: Path) -> bytes:
    """Return no more of a file than is needed to see that it is too large."""
    # Not through a link, and never waiting for what a pipe or a device may say.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ClassFileError(WORDS("class_file.no_file"))
        return file.read(LARGEST + 1)


def _answers(given: Any) -> dict[str, str]:
    given = given if isinstance(given, dict) else {}
    return {
        name: given[name]
        for name, concept in concepts().items()
        if isinstance(given.get(name), str) and concept.text_of(given[name])
    }


def _forms(given: Any) -> dict[str, str]:
    given = given if isinstance(given, dict) else {}
    return {phase: given[phase] for phase in PHASES if given.get(phase) in FORMS}


def _predicted(given: Any) -> dict[str, Predicted]:
    """Return what was predicted; what is right is taken from the file only if it was measured."""
    given, found = given if isinstance(given, dict) else {}, {}
    for name, prediction in predictions().items():
        row, options = given.get(name), prediction.options
        row = row if isinstance(row, dict) else {}
        chosen, right = row.get("chosen"), row.get("right")
        if not _is_place(chosen, options):
            continue
        if prediction.answer is not None:
            right = [options.index(prediction.answer)]
        right = right if isinstance(right, list) else []
        places = {each for each in right if _is_place(each, options)}
        found[name] = Predicted(chosen, tuple(sorted(places)))
    return found


def _is_place(number: Any, options: list[str]) -> bool:
    return type(number) is int and 0 <= number < len(options)


def _as_name(typed: Any) -> str:
    """Return a name in one line, without characters that cannot be seen."""
    typed = typed[: 10 * LONGEST_NAME] if isinstance(typed, str) else ""
    seen = "".join(each if each.isprintable() else " " for each in typed)
    return " ".join(seen.split())[:LONGEST_NAME].strip()


def _edition(given: Any) -> int:
    """Return a count that is kept as a text and handed in as a number."""
    if isinstance(given, str):
        given = int(given) if re.fullmatch("[0-9]{1,6}", given) else 0
    return given if type(given) is int and 0 <= given <= MOST_EDITIONS else 0
