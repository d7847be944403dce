"""Whose name is on what was handed in, by where it lies and what stands beside it.

Only the names count of the outermost files and folders, and those below folders that stand around
them all. `people` says which of the claims made here are one person's.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from lessonlib.grading.intake import gradescope, layouts
from lessonlib.grading.intake.layouts import LAYOUTS, Claim, Claims, Parts
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
    folder: str, paths: Collection[Parts], known: Collection[str], text: Callable[[Parts], str]
) -> Claims:
    """Say of each file and folder in a folder of downloads what its layout tells about whose it is.

    `folder` is its name, `paths` all that is in it, `known` the names of the exercises there are;
    `text` reads a file among the paths.
    """
    exports = gradescope.Roster(text(way) for way in paths if way[-1] == gradescope.FILE)
    return _Reader(sorted(known, key=len, reverse=True), text, exports).level((), folder, paths)


@dataclass(frozen=True)
class _Level:
    """A folder in which people, or folders around people, stand beside one another."""

    place: Parts = ()
    name: str = ""
    people: Mapping[str, list[gradescope.Submitter]] = field(default_factory=dict)
    is_nbgraders: bool = False
    of_two_programs: Collection[str] = ()


@dataclass(frozen=True)
class _Reader:
    known: Collection[str]  # the longest first
    text: Callable[[Parts], str]
    exports: gradescope.Roster

    def level(self, place: Parts, name: str, paths: Collection[Parts]) -> Claims:
        """Read a folder in which people, or folders around people, stand beside one another."""
        metadata = self.text((*place, gradescope.FILE)) if (gradescope.FILE,) in paths else ""
        level = _Level(
            place,
            name,
            gradescope.people(metadata),
            any(path[0] == "submitted" and len(path) > 1 for path in paths),
            _of_two_programs(path[0] for path in paths if len(path) == 1),
        )
        of_programs = {path: self._of_a_program(path, level) for path in paths}
        others = [path for path in paths if not of_programs[path]]
        found = {place + path: claim for path, claim in of_programs.items() if claim}
        files, folders = [path[0] for path in others if len(path) == 1], _below(others)
        self._of_blackboard(place, found)
        for each in self._around(folders, alone=not found and not self._notebooks(files)):
            found |= self.level((*place, each), each, folders.pop(each))
        found |= self._of_folders(place, folders)
        found |= self._of_files(place, name, files, bare=not found)
        return found

    def _of_a_program(self, path: Parts, level: _Level) -> list[Claim] | None:
        """Return what the first name of a path says in the manner of a program."""
        name, is_folder, file, place = path[0], len(path) > 1, path[-1], level.place
        if is_folder and name in level.people:
            team = [self.exports.known(each) for each in level.people[name]]
            if None in team:
                return [Claim("ask_gradescope", place=place, file=file)]
            told = ((each.shown, alike(each.key), place, file, each.identity) for each in team)
            return [Claim("gradescope_student", "lasting", *each) for each in told]
        if is_folder and level.name == "submitted":
            shown = readable(name)
            told = (layouts.NBGRADER, "lasting", shown, name, place, file, f"login:{shown}")
            return [Claim(*told)]
        if is_folder and level.is_nbgraders and name in NBGRADERS_OWN:
            return [Claim("ask_graded", place=place, file=file)]
        if is_folder and (user := self._github(name, level.name)):
            return [Claim(layouts.GITHUB, "lasting", readable(user), alike(user), place, file)]
        if name in level.of_two_programs:
            return [Claim("ask_program", place=place)]
        for layout in LAYOUTS:
            match = layout.match(name) if (layout.folders if is_folder else layout.files) else None
            if match and layout.identity == "canvas" and not is_folder:
                match = self._canvas(match)
            if isinstance(match, Claim):
                return [match]
            if match:
                return [layout.claim(match, place, file if is_folder else "")]
        return None

    def _canvas(self, match: re.Match[str]) -> re.Match[str] | Claim | None:
        """Return the reading of a file's name in which the rest names the exercise."""
        name = match.string
        if not self._exercise(name) or "file" not in match.groupdict():
            return match
        if not self._exercise(match["file"]):
            return None  # the number with which an exercise's name begins is none of Canvas's
        again = re.finditer(r"_(?:LATE_)?\d+_\d+(?=_(?P<file>.+))", name)
        several = sum(bool(self._exercise(each["file"])) for each in again) > 1
        return Claim("ask_canvas", file=name) if several else match

    def _of_blackboard(self, place: Parts, found: Claims) -> None:
        """Tell a user name with "_" in it by its receipt, else by others of its assignment."""
        mine = {path: each for path, (each, *_) in found.items() if each.rule == layouts.BLACKBOARD}
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
                found[path] = [Claim("ask_blackboard", place=place, file=claim.file)]

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
        holding = {name for name, inner in folders.items() if self._exercises(inner)}
        uncalled = [name for name in folders if name not in called]
        programs = [name for name in uncalled if self._holds_a_programs(name, folders[name])]
        others = holding.union(programs).difference(called)
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
        return (
            (gradescope.FILE,) in paths
            or any(self._of_a_program(path, _Level(name=name)) for path in paths)
            or any(self._holds_a_programs(each, below) for each, below in _below(paths).items())
        )

    def _holds_people(self, name: str, paths: list[Parts]) -> bool:
        """Tell whether the only folder there is holds folders, or files, of several people."""
        tags = self._tags(name, paths)
        if any("" in each for each in tags.values()):
            return False
        inner = _below(paths)
        holding = [each for each in inner if self._exercises(inner[each])]
        if len(holding) == 1 and not self._notebooks(p[0] for p in paths if len(p) == 1):
            if is_around(holding[0]) or exercise_in(holding[0], self.known):
                return True
            return self._holds_people(holding[0], inner[holding[0]])
        return any(len(each) > 1 for each in tags.values())

    def _of_folders(self, place: Parts, folders: Mapping[str, list[Parts]]) -> Claims:
        """Read folders beside one another: each is a learner's, unless it may be several's."""
        holding = [name for name, inner in folders.items() if self._exercises(inner)]
        tags = {name: self._tags(name, folders[name]) for name in holding}
        bare = {name for name in holding if any("" in each for each in tags[name].values())}
        plain = bare.union(name for name in holding if self._direct(name, folders[name]))
        clear = 2 * len(plain) > len(holding)
        # By exercise and inner name: in how many folders it is.
        often = Counter(
            (e, t) for each in tags.values() for e, inner in each.items() for t in inner
        )
        doubtful = set()
        for name, by_exercise in tags.items():
            # By exercise, the names of notebooks that lie in the folder itself.
            direct = self._tags("", (path for path in folders[name] if len(path) == 1))
            several = {exercise for exercise, each in by_exercise.items() if len(each) > 1}
            if clear:
                several = {exercise for exercise in several if "" not in direct[exercise]}
            elif len(set().union(*by_exercise.values())) > 1:
                several |= {e for e, each in by_exercise.items() for t in each if often[e, t] == 1}
            doubtful |= {name} if several else set()
        asked = _asked_beside(folders)
        copies = {name for name in holding if is_of_a_copy(name)}
        if 2 * len(copies) >= len(holding):
            doubtful |= copies
        if doubtful and not clear:
            doubtful |= tags.keys() - bare
        found: Claims = {}
        for name, inner in folders.items():
            exercise = exercise_in(name, self.known)
            shown = readable((exercise and person_in(name, exercise)) or name)
            login = "" if exercise or " " in name else f"login:{shown}"
            why = asked.get(name, "ask_folder") if name in doubtful or name in asked else ""
            for path in inner:
                told = (layouts.FOLDER, "named", shown, name, place, path[-1], login)
                claim = Claim(why, place=place, file=path[-1]) if why else Claim(*told)
                found[(*place, name, *path)] = [claim]
        return found

    def _of_files(self, place: Parts, around: str, files: list[str], bare: bool) -> Claims:
        exercises = {name: self._exercise(name) for name in self._notebooks(files)}
        persons = {name: person_in(stem(name), each) for name, each in exercises.items()}
        bare = (
            bare
            and not any(persons.values())
            and len({*exercises.values()}) == len(exercises)
            and (len(exercises) == 1 or all(self._is_bare(*each) for each in exercises.items()))
            and not (is_around(around) or is_of_a_copy(around))
        )
        found: Claims = {}
        for name in filter(is_notebook, files):
            claim = Claim("ask_file", place=place, file=name)
            if person := persons.get(name):
                claim = Claim(layouts.FILE, "named", readable(person), person, place, name)
            elif bare and name in exercises:
                claim = Claim(layouts.BARE, "named", readable(around), around, place, name)
            found[(*place, name)] = [claim]
        return found

    def _is_bare(self, name: str, exercise: str) -> bool:
        before, _ = besides(stem(name), exercise)
        said = {*alike(before.strip(" _-").replace("_", " ")).split()}
        return said <= {"copy", "of"} and not person_in(stem(name), exercise, surely=True)

    def _exercise(self, name: str) -> str | None:
        return exercise_of(name, self.known)

    def _notebooks(self, files: Iterable[str]) -> list[str]:
        return [name for name in files if self._exercise(name)]

    def _exercises(self, paths: Iterable[Parts]) -> set[str]:
        return {exercise for path in paths if (exercise := self._exercise(path[-1]))}

    def _direct(self, name: str, paths: Iterable[Parts]) -> bool:
        """Tell whether notebooks lie in a folder as they lie in one person's."""
        tags = self._tags(name, (path for path in paths if len(path) == 1))
        return bool(tags) and all(len(each) == 1 or "" in each for each in tags.values())

    def _tags(self, name: str, paths: Iterable[Parts]) -> dict[str, set[str]]:
        """Return, by exercise, what stands between a folder and its notebooks, but for a copy's."""
        tags = defaultdict(set)
        for path in paths:
            if exercise := self._exercise(path[-1]):
                names = [*path[:-1], person_in(stem(path[-1]), exercise, surely=True)]
                named = (each for each in names if not (is_of_a_copy(each) or is_around(each)))
                own = {*re.findall(r"[^\W_]+", alike(name))}
                telling = (each for each in named if not own.issuperset(alike(each).split()))
                tags[exercise].add("/".join(telling))
        return tags


def _below(paths: Iterable[Parts]) -> dict[str, list[Parts]]:
    inner = defaultdict(list)
    for path in paths:
        if len(path) > 1:
            inner[path[0]].append(path[1:])
    return inner


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
    """Return the names in Blackboard's manner among those that only Canvas can have made."""
    both = (layouts.CANVAS, layouts.BLACKBOARD)
    of_files = [layout for layout in LAYOUTS if layout.files and layout.rule in both]
    rules = {name: {each.rule for each in of_files if each.match(name)} for name in files}
    is_canvas = {layouts.CANVAS} in rules.values()
    return {name for name, those in rules.items() if is_canvas and len(those) == 2}


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
