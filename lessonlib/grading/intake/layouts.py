"""How the programs that collect what was handed in write names.

Only the names count that a program or a teacher gave. What a learner named is never read as a
person's name.
"""

import re
from dataclasses import dataclass
from typing import Literal

from lessonlib.grading.intake.names import readable

# The way to a file from the folder of downloads; an empty last name stands for a folder itself.
Parts = tuple[str, ...]

# How far what tells a person from others reaches: a lasting id; the name, beside a number that is
# new for each assignment; such a number alone; the name alone; or nothing tells it.
Kind = Literal["lasting", "numbered", "anonymous", "named", "unknown"]


@dataclass(frozen=True)
class Claim:
    """What a layout says about one file or folder, and by which rule."""

    rule: str  # a key of the words
    kind: Kind
    name: str = ""  # what the learner is called
    key: str = ""  # what tells a learner from others within the rule
    place: Parts = ()  # the folder that the name stands in
    file: str = ""  # the name that the learner gave the file
    identity: str = ""  # the id that a platform may be told, after what it is: canvas:123
    version: tuple[int, ...] = ()  # what the program numbers or dates hand-ins with


@dataclass(frozen=True)
class Layout:
    """How one program names what it hands out, and how far that tells people apart.

    The pattern has the groups ``name``, ``id``, ``file`` and ``version``, as far as there are any.
    """

    rule: str
    kind: Kind
    pattern: re.Pattern[str]
    shown: str  # how the learner is called
    identity: str = ""  # what the id is, if it may be told to a platform
    folders: bool = True
    files: bool = True


# Moodle's word for everybody while marking is blind (mod/assign/lang: "participant").
_PARTICIPANT = (
    r"(?:Participante?|Teilnehmer(?:/?in)?|Deelnemer|Partecipante|Deltager|Deltagare|Osallistuja"
    r"|Uczestnik|Účastn[ií]k|Участник|Учасник|参加者|参与者|參與者|Katılımcı)"
)
# Five of base58; what has no letter may be the number of a person called anon.
_ANONYMOUS = r"(?:LATE_)?anon_(?!LATE_)(?P<id>\d*[A-Za-z][0-9A-Za-z]*)"
_MOODLE_FILE = r"_assignsubmission_[a-z]+_?(?P<file>.*)"

CANVAS, MOODLE, BLACKBOARD = "canvas_number", "moodle_name", "blackboard_user"
NBGRADER = "nbgrader_id"  # jupyter/nbgrader coursedir.py: submitted/<id>/<assignment>/

# Each pattern with the program's own source that it follows, as of 2024; the first that fits.
LAYOUTS = (
    # Blackboard Learn, "Assignment File Download" (no public source; as in the documentation of
    # jupyter/nbgrader, nbgrader/plugins/zipcollect.py): the receipt has no file name
    Layout(
        BLACKBOARD,
        "named",
        re.compile(
            r"(?P<id>.+_(?P<name>[^_]+))_attempt_(?P<version>\d{4}(?:-\d\d){5})"
            r"(?:_(?P<file>.+)|\.txt)"
        ),
        "{name}",
    ),
    # instructure/canvas-lms lib/content_zipper.rb (get_filename) and lib/anonymity.rb
    Layout(
        "canvas_anonymous",
        "anonymous",
        re.compile(rf"{_ANONYMOUS}_(?P<version>\d+)_(?P<file>.+)"),
        "anon_{id}",
    ),
    Layout(
        "canvas_anonymous",
        "anonymous",
        re.compile(rf"{_ANONYMOUS}_(?:text|link)\.html"),
        "anon_{id}",
    ),
    Layout(
        "ask_anon",
        "unknown",
        re.compile(r"(?:LATE_)?anon_\d{5}_(?:\d+_(?P<file>.+)|(?:text|link)\.html)"),
        "",
    ),
    Layout(
        CANVAS,
        "lasting",
        re.compile(r"(?P<name>.+?)_(?:LATE_)?(?P<id>\d+)_(?P<version>\d+)_(?P<file>.+)"),
        "{name}_{id}",
        "canvas",
        folders=False,
    ),
    Layout(  # an archive handed in and unpacked beside its name
        CANVAS,
        "lasting",
        re.compile(r"(?P<name>.+?)_(?:LATE_)?(?P<id>\d{3,})_(?P<version>\d{5,})_(?P<file>.+)"),
        "{name}_{id}",
        "canvas",
        files=False,
    ),
    Layout(
        CANVAS,
        "lasting",
        re.compile(r"(?P<name>.+?)_(?:LATE_)?(?P<id>\d+)_(?:text|link)\.html"),
        "{name}_{id}",
        "canvas",
    ),
    # moodle/moodle mod/assign/classes/downloader.php (get_student_prefix): in a name every "_" is
    # a space, and the number is that of (assignment, learner); a team without number is nobody's;
    # up to Moodle 4.0 (locallib.php), a team's name and "-" may stand before the learner's
    Layout(
        "moodle_participant",
        "anonymous",
        re.compile(rf"(?:.+-)?{_PARTICIPANT}[_ ](?P<id>\d+){_MOODLE_FILE}"),
        "Participant {id}",
    ),
    Layout(
        MOODLE, "numbered", re.compile(rf"(?P<name>.+?)[_ ](?P<id>\d+){_MOODLE_FILE}"), "{name}"
    ),
    Layout("moodle_team", "unknown", re.compile(rf"(?P<name>.+?){_MOODLE_FILE}"), ""),
    # jupyter/nbgrader exchange/default/submit.py: the folder in which hand-ins wait to be collected
    Layout(
        NBGRADER,
        "lasting",
        re.compile(
            r"(?P<id>[^+]+)\+[^+]+\+(?P<version>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) \w+"
            r"(?:\+[^+]+)?"
        ),
        "{id}",
        "login",
        files=False,
    ),
    # Gradescope, "Export Submissions": the names stand in submission_metadata.yml beside these
    Layout(
        "gradescope_submission",
        "anonymous",
        re.compile(r"(?P<id>submission_\d+)"),
        "{id}",
        files=False,
    ),
)
GITHUB = "github_user"  # github/gh-classroom: <assignment>-submissions/<assignment>-<user>
FOLDER, FILE, BARE = "folder", "file", "bare"
BY_NAME = {each.rule for each in LAYOUTS if each.kind in ("named", "numbered")}
BY_NAME |= {FOLDER, FILE, BARE}
Claims = dict[Parts, list[Claim]]


def claimed(layout: Layout, match: re.Match[str], place: Parts, file: str) -> Claim:
    """Return what a name says that a layout's pattern has matched."""
    said = {key: value or "" for key, value in match.groupdict().items()}
    shown = layout.shown.format(**{key: readable(value) for key, value in said.items()})
    version = tuple(int(digits[:18]) for digits in re.findall(r"\d+", said.get("version", "")))
    return Claim(
        layout.rule,
        layout.kind,
        shown,
        said.get("id", ""),
        place,
        file or said.get("file", ""),
        f"{layout.identity}:{said['id']}" if layout.identity else "",
        version,
    )
