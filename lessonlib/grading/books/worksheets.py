"""Tables that a platform gave out, filled in as it takes them back.

Whoever grades puts them into ``platforms/`` in the gradebook: Moodle's *grading worksheet* of an
assignment, Canvas's exported gradebook. What is filled in lies in ``filled_in/`` under the same
name. By a worksheet Moodle knows participant and version, so that no newer grade of its own is
overwritten; by an id in its title Canvas knows an assignment, so that it makes no second one.

- Moodle: moodle/moodle mod/assign/feedback/offline/importgradeslib.php. It finds the columns by
  their names in the language of whoever downloaded it, reads UTF-8 and commas, takes no grade that
  is empty, or above the maximum, and shows feedback as HTML.
- Canvas: instructure/canvas-lms lib/gradebook_importer.rb. Columns that are not there stay as they
  are on Canvas, so that only those of exercises that were graded are given back.
"""

import csv
import io
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import NamedTuple

from lessonlib.files import written_whole
from lessonlib.grading.books.exports import EXCUSED
from lessonlib.grading.books.gradebook import Class, Grade, title
from lessonlib.grading.intake.layouts import LAYOUTS
from lessonlib.grading.intake.names import alike, exercise_in
from lessonlib.grading.paper.spreadsheets import readings
from lessonlib.grading.paper.text import safe, without_controls
from lessonlib.grading.paper.words import WORDS

GIVEN, FILLED = "platforms", "filled_in"
LARGEST = 20_000_000  # bytes of a table
_NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_MOODLE, _CANVAS = _NAMES["moodle"], _NAMES["canvas"]
_STUDENT, _ID, _POINTS = "Student", "ID", "Points Possible"
_CANVAS_OWN = (_STUDENT, *_CANVAS["ids"].values(), *_CANVAS["others"])
_OF_CANVAS = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
_LAST_NUMBER = re.compile(r"(\d+)\s*$")

Table = list[list[str]]


class Filled(NamedTuple):
    """A table that is filled in, how many grades were put into it, and what did not fit."""

    table: Table
    count: int
    problems: list[str]


@dataclass
class People:
    """Who is meant by a line of a platform's table."""

    everyone: Class
    _by_id: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for learner in self.everyone.learners:
            kinds = ("canvas", "sid", "login", "email")
            name, *ids = self.everyone.id(learner, *kinds)
            self._by_name[_alike(name)].append(learner)
            for kind, told in zip(kinds, ids, strict=True):
                if told:
                    self._by_id[kind, _alike(told)] = learner

    def meant(self, name: str, ids: Iterable[tuple[str, str]]) -> str | None:
        """Return a learner by an id, or else by a name that only one has."""
        for kind, told in ids:
            if told and (found := self._by_id.get((kind, _alike(told)))):
                return found
        found = self._by_name.get(_alike(name), []) if name.strip() else []
        known = (
            self.everyone.id(found[0], *(kind for kind, told in ids if told))[1:] if found else []
        )
        return found[0] if len(found) == 1 and not any(known) else None


def fill_in(folder: Path, everyone: Class) -> tuple[dict[str, int], list[str]]:
    """Fill in all tables of a gradebook, and return how many grades each has, and what is wrong."""
    counts: dict[str, int] = {}
    problems: list[str] = []
    for path in sorted((folder / GIVEN).glob("*.csv")):
        try:
            filled = _filled(path, everyone)
        except (ValueError, OSError, csv.Error) as problem:
            problems.append(WORDS("worksheets.refused", file=path.name, problem=problem))
            continue
        (folder / FILLED).mkdir(exist_ok=True)
        with written_whole(folder / FILLED / path.name, newline="") as file:
            csv.writer(file).writerows(filled.table)
        counts[path.name] = filled.count
        problems += [f"{path.name}: {each}" for each in filled.problems]
    return counts, problems


def _filled(path: Path, everyone: Class) -> Filled:
    if path.stat().st_size > LARGEST:
        raise ValueError(WORDS("worksheets.too_large"))
    texts = list(readings(path.read_bytes()))
    if len(texts) > 1:
        raise ValueError(WORDS("tables.unsure"))
    limit = csv.field_size_limit(max(LARGEST, csv.field_size_limit()))
    try:
        table = list(csv.reader(io.StringIO(texts[0], newline="")))
    finally:
        csv.field_size_limit(limit)
    heading = table[0] if table else []
    if {_STUDENT, _ID} <= {*heading}:
        return canvas(table, everyone)
    if _column(heading, "identifier") is not None and _column(heading, "grade") is not None:
        return moodle(table, everyone, path.stem)
    raise ValueError(WORDS("worksheets.unknown"))


def moodle(table: Table, everyone: Class, name: str) -> Filled:
    """Fill in Moodle's worksheet, whose name holds the assignment's and so the exercise.

    Lines of others, and what is not decided, stay as they are.
    """
    exercise = _exercise(name, everyone.exercises)
    if exercise is None:
        raise ValueError(WORDS("worksheets.which_exercise"))
    heading, *lines = table
    at = {key: _column(heading, key) for key in _MOODLE}
    people, by_number = People(everyone), _participants(everyone, exercise)
    read = {
        place for key, place in at.items() if key in ("identifier", "grade") and place is not None
    }
    made, count, problems = [[*heading]], 0, []
    for line in lines:
        cells = [*line, *[""] * (len(heading) - len(line))]
        said = {key: cells[place] if place is not None else "" for key, place in at.items()}
        number = _LAST_NUMBER.search(said["identifier"])
        ids = [(kind, said[kind]) for kind in ("email", "sid", "login")]
        learner = by_number.get(number[1]) if number else None
        learner = learner or people.meant(said["name"], ids)
        one = everyone.grades.get((learner, exercise)) if learner else None
        row = [
            cell if n in read or _is_date(heading, n) else _safe(cell)
            for n, cell in enumerate(cells)
        ]
        if learner and one:
            if given := _scaled(one, said["most"], problems, learner):
                row[at["grade"] or 0] = given
                count += 1
            if at["feedback"] is not None and one.feedback:
                row[at["feedback"]] = _html(one.feedback)
        made.append(row)
    return Filled(made, count, problems)


def _is_date(heading: list[str], number: int) -> bool:
    """Tell whether a column behind the grade is not text of a person: Moodle reads it back."""
    begins = tuple(_NAMES["dates_begin_with"])
    return number < len(heading) and heading[number].casefold().startswith(begins)


def _participants(everyone: Class, exercise: str) -> dict[str, str]:
    """Return learners by the number that Moodle's download of the assignment has for them."""
    layouts = [each for each in LAYOUTS if each.rule in ("moodle_name", "moodle_participant")]
    found: dict[str, str] = {}
    twice: set[str] = set()
    for (learner, name), how in everyone.handed_in.items():
        if name != exercise:
            continue
        for part in how.file.split("/"):
            match = next(filter(None, (each.match(part) for each in layouts)), None)
            if match:
                twice |= {match["id"]} if match["id"] in found else set()
                found[match["id"]] = learner
                break
    return {number: learner for number, learner in found.items() if number not in twice}


def canvas(table: Table, everyone: Class) -> Filled:
    """Fill in Canvas's gradebook: who everybody is, and the exercises that have a column there."""
    heading, *lines = table
    problems: list[str] = []
    places: dict[int, str] = {}
    for number, cell in enumerate(heading):
        found = _OF_CANVAS.fullmatch(cell)
        exercise = _exercise(found["title"], everyone.exercises) if found else None
        if exercise:
            places[number] = exercise
    for exercise in everyone.exercises:
        if (times := [*places.values()].count(exercise)) > 1:
            problems.append(WORDS("worksheets.twice", exercise=title(exercise)))
            places = {number: each for number, each in places.items() if each != exercise}
        elif not times:
            problems.append(WORDS("worksheets.no_column", exercise=title(exercise)))
    own = [number for number, cell in enumerate(heading) if cell in _CANVAS_OWN]
    at = {kind: heading.index(name) for kind, name in _CANVAS["ids"].items() if name in heading}
    most = dict.fromkeys(places, "")
    people, student = People(everyone), heading.index(_STUDENT)
    made, count = [[heading[number] for number in (*own, *places)]], 0
    for line in lines:
        cells = [*line, *[""] * (len(heading) - len(line))]
        if not any(cells[place].strip() for place in at.values()):  # says something of the columns
            if cells[student].strip() == _POINTS:
                most = {number: cells[number] for number in places}
            made.append([cells[number] for number in (*own, *places)])
            continue
        learner = people.meant(cells[student], [(kind, cells[n]) for kind, n in at.items()])
        row = [_safe(cells[number]) for number in own]
        for number, exercise in places.items():
            one = everyone.grades.get((learner, exercise)) if learner else None
            given = _scaled(one, most[number], problems, learner or "", EXCUSED) if one else ""
            count += bool(given)
            row.append(given or _safe(cells[number]))
        made.append(row)
    return Filled(made, count, problems)


def _scaled(one: Grade, most: str, problems: list[str], learner: str, excused: str = "") -> str:
    """Return a grade out of the platform's own maximum, written as the platform writes it."""
    if one.status == "excused":
        return excused
    if not one.final:
        return ""
    comma = "," in most and "." not in most
    try:
        whole = float(most.replace(",", ".") if comma else most.replace(",", ""))
    except ValueError:
        whole = 0.0  # a scale, or none: the points as they are
    share = whole / one.whole if whole > 0 and one.whole > 0 else 1.0
    points = round(float(one.final) * share, 4)
    if 0 < whole < points:
        problems.append(WORDS("worksheets.above", learner=learner, points=points, most=whole))
    return f"{points:g}".replace(".", ",") if comma else f"{points:g}"


def _exercise(name: str, known: list[str]) -> str | None:
    """Return the exercise that an assignment is called after: its name, or its title."""
    if found := exercise_in(name, known):
        return found
    titled: Callable[[str], str] = lambda each: re.sub(r"[\W_]+", " ", each).strip().casefold()  # noqa: E731
    held = [each for each in known if titled(title(each)) in titled(name)]
    return held[0] if len(held) == 1 else None


def _column(heading: list[str], key: str) -> int | None:
    wanted = {*map(_spelt, _MOODLE[key])}
    return next((n for n, cell in enumerate(heading) if _spelt(cell) in wanted), None)


def _spelt(column: str) -> str:
    return column.strip("\ufeff \t").casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _html(text: str) -> str:
    """Return a text as Moodle shows it, line by line, and no spreadsheet computes it."""
    return _safe("<br>".join(escape(line) for line in without_controls(text).splitlines()))


def _safe(cell: str) -> str:
    return cell if cell.strip() in ("", "-") else safe(cell)


def lines_of_filled(counts: dict[str, int]) -> Iterator[str]:
    """Say of each table how many grades are in it."""
    for name, count in counts.items():
        yield WORDS("worksheets.filled", file=f"{FILLED}/{name}", count=count)


def _alike(name: str) -> str:
    return alike(without_controls(name))  # half characters, too, are no name
