"""How the programs that collect what was handed in write names; a learner's never count."""

import re
from dataclasses import dataclass
from typing import Literal

from lessonlib.grading.intake.names import NAMES, readable

# The way to a file from the folder of downloads; an empty last name stands for a folder itself.
Parts = tuple[str, ...]

# How far what tells a person from others reaches: a lasting id; the name, beside a number that is
# new for each assignment; such a number alone; the name alone; or nothing tells it.
Kind = Literal["lasting", "numbered", "anonymous", "named", "unknown"]


@dataclass(frozen=True)
class Claim:
    """What a layout says about one file or folder, and by which rule."""

    rule: str  # a key of the words
    kind: Kind = "unknown"
    name: str = ""  # what the learner is called
    key: str = ""  # what tells a learner from others within the rule
    place: Parts = ()  # the folder that the name stands in
    file: str = ""  # the name that the learner gave the file
    identity: str = ""  # the id that a platform may be told, after what it is: canvas:123
    version: tuple[int, ...] = ()  # what the program numbers or dates hand-ins with


Claims = dict[Parts, list[Claim]]


@dataclass(frozen=True)
class Layout:
    """How one program names what it hands out; ``names.toml`` says what the fields mean."""

    rule: str
    kind: Kind
    pattern: str
    shown: str = ""
    identity: str = ""
    folders: bool = True
    files: bool = True

    def match(self, name: str) -> re.Match[str] | None:
        """Read a whole name."""
        return re.fullmatch(self.pattern, name)

    def claim(self, match: re.Match[str], place: Parts, file: str) -> Claim:
        """Return what a name says that the pattern has matched."""
        said = {key: value or "" for key, value in match.groupdict().items()}
        return Claim(
            self.rule,
            self.kind,
            self.shown.format(**{key: readable(value) for key, value in said.items()}),
            said.get("id", ""),
            place,
            file or said.get("file", ""),
            f"{self.identity}:{said['id']}" if self.identity else "",
            tuple(int(digits[:18]) for digits in re.findall(r"\d+", said.get("version", ""))),
        )


LAYOUTS = tuple(Layout(**each) for each in NAMES["layouts"])
CANVAS, MOODLE, BLACKBOARD = "canvas_number", "moodle_name", "blackboard_user"
NBGRADER = "nbgrader_id"  # jupyter/nbgrader coursedir.py: submitted/<id>/<assignment>/
GITHUB = "github_user"  # github/gh-classroom: <assignment>-submissions/<assignment>-<user>
FOLDER, FILE, BARE = "folder", "file", "bare"
BY_NAME = {FOLDER, FILE, BARE} | {
    each.rule for each in LAYOUTS if each.kind in ("named", "numbered")
}
