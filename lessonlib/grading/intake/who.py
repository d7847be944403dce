"""``who.csv``: whose notebook is whose, where a person says what the names do not tell."""

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.intake.names import alike
from lessonlib.grading.intake.people import YOU
from lessonlib.grading.intake.submission import Survey, shown
from lessonlib.grading.paper.spreadsheets import lines_of
from lessonlib.grading.paper.text import plain, safe
from lessonlib.grading.paper.words import WORDS, RefusedError

NAME = "who.csv"
COLUMNS = ("path", "learner", "decided by")

# What a spreadsheet program takes for a number, and how it shows and saves one.
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SHOWN_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:[.,](?P<decimals>[0-9]+))?(?P<power>E[+-][0-9]+)?"
)


@dataclass(frozen=True)
class Who:
    """What a person said beside a path, and whose it was `before` by whatever was decided."""

    said: dict[str, list[str]]
    before: dict[str, set[str]]

    def unused(self, seen: Survey, folder: Path) -> list[str]:
        """Return the paths of which a person said something, and which are not there."""
        there = {shown(path, folder) for path in seen.owners}
        return [f"{way}: {', '.join(each)}" for way, each in self.said.items() if way not in there]

    def moved(self, keys: Iterable[tuple[str, str]], seen: Survey, folder: Path) -> set:
        """Return which grades, by learner and exercise, are of a notebook that is another's now."""
        exercises = {each.path: each.exercise for each in seen.submissions}
        exercises |= {path: key[1] for key, paths in seen.copies.items() for path in paths}
        exercises |= {path: each for each, paths in seen.undecided.items() for path in paths}
        gone = {
            (alike(name), exercise)
            for path, exercise in exercises.items()
            for name in self.before.get(shown(path, folder), ())
        }
        there = {(each.learner, each.exercise) for each in seen.submissions}
        return {key for key in keys if key not in there and (alike(key[0]), key[1]) in gone}


def read(path: Path) -> Who:
    """Read the table, as any spreadsheet program saves it, if there; RefusedError if it is none.

    A learner counts as written by a person where the last column says so, or does not say the
    same name as the column before it: that column holds what was decided, and the name. The
    lines of one path add up: who stands beside it owns it, also who did by a rule.
    """
    named: dict[str, dict[str, str]] = defaultdict(dict)
    by_a_person: set[str] = set()
    before: dict[str, set[str]] = defaultdict(set)
    you = (YOU, WORDS("rules.you"))
    try:
        for line in lines_of(path, ("path", "learner")) if path.exists() else ():
            way = plain(line.get("path", ""))  # as it is: a name may end in a space
            learner = plain(line.get("learner", "").strip()).strip()
            by = plain(line.get("decided_by", "").strip())
            decided = by.partition(": ")[2]
            before[way] |= {learner, decided} - {""}
            if way.strip() and learner:
                by_a_rule = not by.startswith(you) and _still_says(learner, decided)
                by_a_person |= set() if by_a_rule else {way}
                name = decided if by_a_rule else learner
                named[way].setdefault(alike(name), name)
    except ValueError as problem:
        raise RefusedError("who.refused", file=path.name, problem=problem) from None
    return Who({way: list(named[way].values()) for way in named if way in by_a_person}, before)


def write(path: Path, seen: Survey, folder: Path, said: Mapping[str, Sequence[str]]) -> None:
    """Write the table anew: every notebook, nobody's first, and all that a person ever said."""
    copies = {(learner, each) for (learner, _), those in seen.copies.items() for each in those}
    lines = []
    for each, owners in seen.owners.items():
        for owner in owners:
            by = WORDS(f"rules.{owner.rule}")
            if (owner.learner, each) in copies:
                by = WORDS("rules.of_a_copy", rule=by)
            if owner.learner and owner.rule != YOU:
                by = f"{by}: {owner.learner}"
            lines.append((shown(each, folder), owner.learner, by))
    there, you = {way for way, _, _ in lines}, WORDS("rules.you")
    lines += [(way, name, you) for way, names in said.items() if way not in there for name in names]
    lines.sort(key=lambda line: (bool(line[1]), line))
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path, newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([COLUMNS, *(map(safe, line) for line in lines)])


def _still_says(learner: str, decided: str) -> bool:
    """Tell whether a cell holds a name, or what a spreadsheet makes of it: 7 of ``007``."""
    if alike(learner) == alike(decided):
        return True
    if not _NUMBER.fullmatch(decided) or not (shown := _SHOWN_NUMBER.fullmatch(learner)):
        return False
    digits = len(shown["decimals"] or "") if shown["power"] else 14
    kept = float(learner.replace(",", "."))
    return math.isclose(float(decided), kept, rel_tol=10**-digits)
