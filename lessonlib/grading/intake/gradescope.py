"""Who is who in an export of Gradescope: its ``submission_metadata.yml``."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from lessonlib.grading.intake.names import alike

FILE = "submission_metadata.yml"
_FIELD = re.compile(r"(?:  - |    ):(name|sid|email): *(.*)")


@dataclass(frozen=True)
class Submitter:
    """A person who handed something in; in a team there are several."""

    name: str = ""
    sid: str = ""
    email: str = ""

    @property
    def key(self) -> str:
        """What tells this person from others in every assignment; empty if nothing does."""
        return self.sid or self.email

    @property
    def shown(self) -> str:
        """The name, and what tells people of one name apart."""
        said = f"{self.name}_{self.key}" if self.name else self.key
        return re.sub(r"[/\\\x00]|^\.+", "-", said)  # it becomes the name of a folder

    @property
    def identity(self) -> str:
        """The institution's number of the person, else the address."""
        return f"sid:{self.sid}" if self.sid else f"email:{self.email}"


class Roster:
    """Who is who over several exports: in some, people have no number of the institution's yet."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._numbers: dict[str, set[str]] = defaultdict(set)  # by address, and by name
        for each in (each for text in texts for those in people(text).values() for each in those):
            for said in filter(None, (each.email, each.name) if each.sid else ()):
                self._numbers[alike(said)].add(each.sid)

    def known(self, each: Submitter) -> Submitter | None:
        """Return a person with the number by which others know it; None if that cannot be told."""
        if each.sid:
            return each
        numbers = self._numbers.get(alike(each.email)) or ()
        if len(numbers) == 1:
            return replace(each, sid=next(iter(numbers)))
        return None if numbers or alike(each.name) in self._numbers else each


def people(text: str) -> dict[str, list[Submitter]]:
    """Return who handed in, by folder; the file has one fixed form, so this needs no YAML."""
    found: dict[str, list[dict[str, str]]] = {}
    folder, listed = "", False
    for line in text.splitlines():
        if line and not line.startswith((" ", "-", "#")):
            folder, listed = _scalar(line.rpartition(":")[0]), False
        elif re.match(r"  [^ -]", line):
            listed = line.rstrip() == "  :submitters:"
        elif listed and (field := _FIELD.match(line)):
            if line.startswith("  - "):
                found.setdefault(folder, []).append({})
            if folder in found:
                found[folder][-1][field[1]] = _scalar(field[2])
    submitters = {name: [Submitter(**each) for each in those] for name, those in found.items()}
    return {name: those for name, those in submitters.items() if all(each.key for each in those)}


def _scalar(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        with suppress(ValueError):
            return str(json.loads(text))
        return text.strip('"')
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return "" if text in ("~", "null") else text
