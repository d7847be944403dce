"""Whose name is on what was handed in, by where it lies and what stands beside it.

Only the names count of the outermost files and folders, and those below folders that stand around
them all. `people` says which of the claims made here are one person's.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lessonlib.grading.intake import gradescope
from lessonlib.grading.intake.layouts import (
    BARE,
    BLACKBOARD,
    CANVAS,
    FILE,
    FOLDER,
    GITHUB,
    LAYOUTS,
    NBGRADER,
    Claim,
    Claims,
    Layout,
    Parts,
    claimed,
)
from lessonlib.grading.intake.names import (
    alike,
    besides,
    exercise_in,
    exercise_of,
    is_around,
    is_notebook,
    is_of_a_copy,
    is_older,
    is_team,
    person_in,
    readable,
    stem,
    without_number,
)

# A folder named as GitHub's repositories are: ex1-ann, project-2-ann; or ann-ex1.
_TASK_AND_USER = re.compile(
    r"(?P<task>[^\W\d_]+)[ _-]?\d{1,2}[ _-]+(?P<user>.*[^\W\d_].*)"
    r"|(?P<first>.*[^\W\d_].*?)[ _-]+(?P<then>ex|hw|a|p[as]?|w|[^\W\d_]{4,})[ _-]?\d{1,2}"
)
NBGRADERS_OWN = ("source", "release", "autograded", "feedback", "solution")


def claims(
    folder: str, paths: Iterable[Parts], known: Collection[str], text: Callable[[Parts], str]
) -> Claims:
    """Say of each file and folder in a folder of downloads what its layout tells about whose it is.

    Parameters
    ----------
    folder
        The name of the folder.
    paths
        All files and folders in it.
    known
        The names of the exercises there are.
    text
        Reads a file among them.
    """
    ways = list(paths)
    exports = gradescope.Roster(text(way) for way in ways if way[-1] == gradescope.FILE)
    return _Reader(known, text, exports).level((), folder, ways)


@dataclass(frozen=True)
class _Level:
    """A folder in which people, or folders around people, stand beside one another."""

    place: Parts = ()
    name: str = ""
    people: Mapping[str, list[gradescope.Submitter]] = field(default_factory=dict)
    is_nbgraders: bool = False
    of_two_programs: Collection[str] = ()


class _Reader:
    def __init__(
        self, known: Collection[str], text: Callable[[Parts], str], exports: gradescope.Roster
    ) -> None:
        self.known = sorted(known, key=len, reverse=True)
        self.text = text
        self.exports = exports

    def level(self, place: Parts, name: str, paths: list[Parts]) -> Claims:
        """Read a folder in which people, or folders around people, stand beside one another."""
        found: Claims = {}
        files, folders = [], defaultdict(list)
        level = _Level(
            place,
            name,
            gradescope.people(self._metadata(place, paths)),
            any(path[0] == "submitted" and len(path) > 1 for path in paths),
            _of_two_programs(path[0] for path in paths if len(path) == 1),
        )
        for path in paths:
            if claim := self._of_a_program(path, level):
                found[place + path] = claim
            elif len(path) > 1:
                folders[path[0]].append(path[1:])
            else:
                files.append(path[0])
        self._of_blackboard(place, found)
        around = self._around(folders, alone=not found and not self._notebooks(files))
        for each in around:
            found |= self.level((*place, each), each, folders.pop(each))
        found |= self._of_folders(place, folders)
        found |= self._of_files(place, name, files, bare=not found)
        return found

    def _metadata(self, place: Parts, paths: list[Parts]) -> str:
        return self.text((*place, gradescope.FILE)) if (gradescope.FILE,) in paths else ""

    def _of_a_program(self, path: Parts, level: _Level) -> list[Claim] | None:
        """Return what the first name of a path says in the manner of a program."""
        name, is_folder, file, place = path[0], len(path) > 1, path[-1], level.place
        if is_folder and name in level.people:
            team = [self.exports.known(each) for each in level.people[name]]
            if None in team:
                return [Claim("ask_gradescope", "unknown", place=place, file=file)]
            return [
                Claim(
                    "gradescope_student",
                    "lasting",
                    each.shown,
                    alike(each.key),
                    place,
                    file,
                    each.identity,
                )
                for each in team
                if each
            ]
        if is_folder and level.name == "submitted":
            shown = readable(name)
            return [Claim(NBGRADER, "lasting", shown, name, place, file, f"login:{shown}")]
        if is_folder and level.is_nbgraders and name in NBGRADERS_OWN:
            return [Claim("ask_graded", "unknown", place=place, file=file)]
        if is_folder and (user := self._github(name, level.name)):
            return [Claim(GITHUB, "lasting", readable(user), alike(user), place, file)]
        if name in level.of_two_programs:
            return [Claim("ask_program", "unknown", place=place)]
        for layout in LAYOUTS:
            match = layout.pattern.fullmatch(name)
            if match and (layout.folders if is_folder else layout.files):
                if layout.identity == "canvas" and not is_folder:
                    match = self._canvas(layout, name)
                    if match is None:
                        continue
                    if isinstance(match, Claim):
                        return [match]
                return [claimed(layout, match, place, file if is_folder else "")]
        return None

    def _canvas(self, layout: Layout, name: str) -> re.Match[str] | Claim | None:
        """Return the reading of a file's name in which the rest names the exercise."""
        match = layout.pattern.fullmatch(name)
        if match is None or not self._exercise(name) or "file" not in match.groupdict():
            return match
        if not self._exercise(match["file"]):
            return None  # the number with which an exercise's name begins is none of Canvas's
        again = re.finditer(r"_(?:LATE_)?\d+_\d+(?=_(?P<file>.+))", name)
        if sum(bool(self._exercise(each["file"])) for each in again) > 1:
            return Claim("ask_canvas", "unknown", file=name)
        return match

    def _of_blackboard(self, place: Parts, found: Claims) -> None:
        """Tell a user name with "_" in it by its receipt, else by others of its assignment."""
        mine = {path: each for path, (each, *_) in found.items() if each.rule == BLACKBOARD}
        users = defaultdict(set)
        receipts = {}
        for path, claim in mine.items():
            users[claim.key.removesuffix(claim.name)].add(claim.name)
            if path[-1].endswith(".txt") and not claim.file:
                said = re.match(r"Name: .*\(([^()]+)\)\s", self.text(path))
                if said and claim.key.endswith(f"_{said[1]}"):
                    receipts[claim.key] = said[1]
        for path, claim in mine.items():
            if user := receipts.get(claim.key):
                told = {"kind": "lasting", "name": user, "key": alike(user)}
                found[path] = [replace(claim, **told, identity=f"login:{user}")]
            elif len(users[claim.key.removesuffix(claim.name)]) == 1:
                found[path] = [Claim("ask_blackboard", "unknown", place=place, file=claim.file)]

    def _github(self, name: str, around: str) -> str:
        slugs = [around.removesuffix("-submissions")] if around.endswith("-submissions") else []
        for slug in [*slugs, *(each.replace("_", "-") for each in self.known)]:
            user = name.removeprefix(f"{slug}-")
            if user != name and user.strip(".") and user != "submissions":
                return user
        return ""

    def _around(self, folders: Mapping[str, list[Parts]], alone: bool) -> list[str]:
        """Return which folders are nobody's, but stand around those of people."""
        called = [name for name, inner in folders.items() if self._is_called_around(name, inner)]
        others = {name for name, inner in folders.items() if self._exercises(inner)}
        programs = [
            name
            for name, inner in folders.items()
            if name not in called and self._holds_a_programs(name, inner)
        ]
        others = others.union(programs).difference(called)
        if 2 * len(programs) > len(others):  # nobody hands in for others by names of this manner
            return called + programs
        if alone and len(folders) == 1 and len(others) == 1:
            (only,) = others
            if self._holds_people(only, folders[only]):
                return [only]
        return called

    def _is_called_around(self, name: str, paths: list[Parts]) -> bool:
        direct = self._direct(name, paths)
        if is_team(name):
            return bool(self._exercises(paths)) and not direct
        if exercise := exercise_in(name, self.known):
            one = len(self._notebooks(path[0] for path in paths if len(path) == 1)) == 1
            return not (direct and one and person_in(name, exercise))
        return is_around(name)

    def _holds_a_programs(self, name: str, paths: list[Parts]) -> bool:
        inner = defaultdict(list)
        for path in paths:
            if self._of_a_program(path, _Level(name=name)) or path == (gradescope.FILE,):
                return True
            if len(path) > 1:
                inner[path[0]].append(path[1:])
        return any(self._holds_a_programs(each, below) for each, below in inner.items())

    def _holds_people(self, name: str, paths: list[Parts]) -> bool:
        """Tell whether the only folder there is holds folders, or files, of several people."""
        tags = self._tags(name, paths)
        if any("" in each for each in tags.values()):
            return False
        inner = defaultdict(list)
        for path in paths:
            if len(path) > 1:
                inner[path[0]].append(path[1:])
        holding = [each for each in inner if self._exercises(inner[each])]
        if len(holding) == 1 and not self._notebooks([p[0] for p in paths if len(p) == 1]):
            if is_around(holding[0]) or exercise_in(holding[0], self.known):
                return True
            return self._holds_people(holding[0], inner[holding[0]])
        return any(len(each) > 1 for each in tags.values())

    def _of_folders(self, place: Parts, folders: Mapping[str, list[Parts]]) -> Claims:
        """Read folders beside one another: each is a learner's, unless it may be several's."""
        holding = [name for name, inner in folders.items() if self._exercises(inner)]
        tags = {name: self._tags(name, folders[name]) for name in holding}
        plain = [
            name
            for name in holding
            if any("" in each for each in tags[name].values()) or self._direct(name, folders[name])
        ]
        clear = 2 * len(plain) > len(holding)
        often = defaultdict(set)  # by exercise and inner name: in which folders
        for name, by_exercise in tags.items():
            for exercise, inner in by_exercise.items():
                for tag in inner:
                    often[exercise, tag].add(name)
        doubtful = {
            name
            for name, by_exercise in tags.items()
            if any(
                len(each) > 1 and not (clear and exercise in self._plain(folders[name]))
                for exercise, each in by_exercise.items()
            )
            or (
                not clear
                and len(set().union(*by_exercise.values())) > 1
                and any(len(often[e, t]) == 1 for e, each in by_exercise.items() for t in each)
            )
        }
        asked = _asked_beside(folders)
        copies = {name for name in holding if is_of_a_copy(name)}
        if 2 * len(copies) >= len(holding):
            doubtful |= copies
        if doubtful and not clear:
            doubtful |= {
                name
                for name, by_exercise in tags.items()
                if not any("" in each for each in by_exercise.values())
            }
        found: Claims = {}
        for name, inner in folders.items():
            exercise = exercise_in(name, self.known)
            person = (exercise and person_in(name, exercise)) or name
            for path in inner:
                if name in doubtful or name in asked:
                    why = asked.get(name, "ask_folder")
                    claim = Claim(why, "unknown", place=place, file=path[-1])
                else:
                    shown = readable(person)
                    login = "" if exercise or " " in name else f"login:{shown}"
                    claim = Claim(FOLDER, "named", shown, name, place, path[-1], login)
                found[(*place, name, *path)] = [claim]
        return found

    def _of_files(self, place: Parts, around: str, files: list[str], bare: bool) -> Claims:
        """Read notebooks that lie in nobody's folder."""
        named = {name: self._person(name) for name in self._notebooks(files)}
        exercises = [exercise_of(name, self.known) for name in named]
        bare = bare and not any(named.values()) and len(set(exercises)) == len(exercises)
        bare = bare and (len(named) == 1 or all(map(self._is_bare, named)))
        found: Claims = {}
        for name, person in named.items():
            claim = Claim("ask_file", "unknown", place=place, file=name)
            if person:
                claim = Claim(FILE, "named", readable(person), person, place, name)
            elif bare and not is_around(around) and not is_of_a_copy(around):
                claim = Claim(BARE, "named", readable(around), around, place, name)
            found[(*place, name)] = [claim]
        for name in files:
            if name not in named and is_notebook(name):
                found[(*place, name)] = [Claim("ask_file", "unknown", place=place, file=name)]
        return found

    def _is_bare(self, name: str) -> bool:
        exercise = self._exercise(name) or ""
        before, _ = besides(stem(name), exercise)
        said = before.strip(" _-") and alike(before.replace("_", " "))
        return {*said.split()} <= {"copy", "of"} and not person_in(
            stem(name), exercise, surely=True
        )

    def _person(self, name: str) -> str:
        exercise = exercise_of(name, self.known)
        return person_in(stem(name), exercise) if exercise else ""

    def _exercise(self, name: str) -> str | None:
        return exercise_of(name, self.known)

    def _notebooks(self, files: Iterable[str]) -> list[str]:
        return [name for name in files if self._exercise(name)]

    def _exercises(self, paths: Iterable[Parts]) -> set[str]:
        return {exercise for path in paths if (exercise := self._exercise(path[-1]))}

    def _direct(self, name: str, paths: Iterable[Parts]) -> bool:
        """Tell whether notebooks lie in a folder as they lie in one person's."""
        tags = self._tags(name, [path for path in paths if len(path) == 1])
        return bool(tags) and all(len(each) == 1 or "" in each for each in tags.values())

    def _plain(self, paths: Iterable[Parts]) -> set[str]:
        """Return the exercises of which a notebook lies in a folder itself, under no name."""
        direct = (path for path in paths if len(path) == 1)
        return {exercise for exercise, tags in self._tags("", direct).items() if "" in tags}

    def _tags(self, name: str, paths: Iterable[Parts]) -> dict[str, set[str]]:
        """Return, by exercise, what stands between a folder and the notebooks in it.

        That is empty where it only says which copy a notebook is.
        """
        tags = defaultdict(set)
        for path in paths:
            if exercise := self._exercise(path[-1]):
                names = [*path[:-1], person_in(stem(path[-1]), exercise, surely=True)]
                tags[exercise].add("/".join(self._telling(name, names)))
        return tags

    def _telling(self, name: str, names: Iterable[str]) -> Iterator[str]:
        for each in names:
            same = set(alike(each).split()) <= set(re.findall(r"[^\W_]+", alike(name)))
            if not (same or is_of_a_copy(each) or is_around(each)):
                yield each


def _asked_beside(names: Collection[str]) -> dict[str, str]:
    """Return which folders may be one person's with another one's beside, and why."""
    near = defaultdict(list)
    alone = {alike(name) for name in names if without_number(name) == name}
    copied = {alike(without_number(name)) for name in names if without_number(name) != name}
    for name in names:
        if alike(without_number(name)) in alone & copied:
            near["ask_copy", alike(without_number(name))].append(name)
        if match := _TASK_AND_USER.fullmatch(name):
            near["ask_task", *map(alike, filter(None, match.groups()))].append(name)
    return {name: why for (why, *_), each in near.items() if len(each) > 1 for name in each}


def _of_two_programs(files: Iterable[str]) -> set[str]:
    """Return the names in Blackboard's manner among files that are Canvas's.

    Blackboard's are often in Canvas's manner as well, but Canvas's are only if a learner calls a
    file so.
    """
    rules = {
        name: {layout.rule for layout in LAYOUTS if layout.files and layout.pattern.fullmatch(name)}
        for name in files
    }
    if not any(CANVAS in those and BLACKBOARD not in those for those in rules.values()):
        return set()
    return {name for name, those in rules.items() if {CANVAS, BLACKBOARD} <= those}


def preference(parts: Parts, claim: Claim, exercise: str) -> tuple:
    """Return what ranks copies of one exercise; the highest counts.

    What the program says was handed in last counts, else the shallowest, of these the plainly
    named one, else the one with the highest number.
    """
    folders = [name for name in parts[:-1] if is_of_a_copy(name)]
    said = stem(claim.file or parts[-1])
    _, _, after = alike(said).partition(alike(exercise))
    return (
        claim.version,
        -len(parts),
        not any(map(is_older, folders)),
        "exercises" in folders,
        _numbers(" ".join(folders)),
        said == exercise,
        _numbers(after),
        parts,
    )


def _numbers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d{1,18}", text)] or [0]
