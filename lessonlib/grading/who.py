"""``who.csv``: whose notebook is whose, where a person says what the names do not tell."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lessonlib.grading.names import alike
from lessonlib.grading.people import YOU, Owner
from lessonlib.grading.spreadsheets import lines_of
from lessonlib.grading.submission import Survey, shown
from lessonlib.grading.tables import plain, safe
from lessonlib.grading.whole import written_whole

NAME = "who.csv"
NOT_COUNTED = ", another copy counts"
COLUMNS = ("path", "learner", "decided by")


class WhoError(ValueError):
    """The table cannot be read; the message says why."""


@dataclass(frozen=True)
class Who:
    """What the table says.

    Parameters
    ----------
    said
        The learners that a person wrote beside a path.
    before
        The learners that a path had, or has, by whatever it was decided.
    """

    said: dict[str, list[str]]
    before: dict[str, set[str]]

    def moved(self, keys: Iterable[tuple[str, str]], seen: Survey, folder: Path) -> set:
        """Return which grades, by learner and exercise, are of a notebook that is another's now.

        Parameters
        ----------
        keys
            The learners and exercises of the grades.
        seen, folder
            What lies in the folder of downloads, and that folder.
        """
        exercises = {each.path: each.exercise for each in seen.submissions}
        exercises |= {path: key[1] for key, paths in seen.copies.items() for path in paths}
        exercises |= {path: each for each, paths in seen.undecided.items() for path in paths}
        gone = {
            (_as_kept(name), exercise)
            for path, exercise in exercises.items()
            for name in self.before.get(shown(path, folder), ())
        }
        there = {(each.learner, each.exercise) for each in seen.submissions}
        return {key for key in keys if key not in there and (_as_kept(key[0]), key[1]) in gone}


def read(path: Path) -> Who:
    """Read the table.

    A learner counts as written by a person where the last column says so, or does not say the
    same name as the column before it: that column holds what was decided, and the name.

    Parameters
    ----------
    path
        The table, as any spreadsheet program saves it. It need not exist yet.

    Raises
    ------
    WhoError
        If a column is missing.
    """
    said: dict[str, list[str]] = defaultdict(list)
    before: dict[str, set[str]] = defaultdict(set)
    if not path.exists():
        return Who(said, before)
    try:
        for line in lines_of(path, ("path", "learner")):
            way, learner = (plain(line.get(each, "").strip()).strip() for each in COLUMNS[:2])
            by = plain(line.get("decided_by", "").strip())
            before[way] |= {learner, by.partition(": ")[2]} - {""}
            if way and learner and not _is_by_a_rule(learner, by):
                said[way].append(learner)
    except ValueError as problem:
        raise WhoError(
            f"{path.name}: {problem}. Nothing was written. Mend the file, or remove it to have "
            "it made anew"
        ) from None
    return Who(said, before)


def write(path: Path, seen: Survey, folder: Path, said: Mapping[str, Sequence[str]]) -> None:
    """Write the table anew: every notebook, nobody's first, and all that a person has said.

    Parameters
    ----------
    path
        Where to.
    seen
        What lies in the folder of downloads.
    folder
        That folder.
    said
        What a person said; kept, also of notebooks that are not there.
    """
    copies = {(learner, each) for (learner, _), those in seen.copies.items() for each in those}
    lines = [
        (shown(each, folder), owner.learner, _decided(owner, (owner.learner, each) in copies))
        for each, owners in seen.owners.items()
        for owner in owners
    ]
    there = {way for way, _, _ in lines}
    lines += [(way, name, YOU) for way, names in said.items() if way not in there for name in names]
    lines.sort(key=lambda line: (bool(line[1]), line))
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path, newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([COLUMNS, *(map(safe, line) for line in lines)])


def _decided(owner: Owner, is_copy: bool) -> str:
    by = f"{owner.rule}{NOT_COUNTED if is_copy else ''}"
    return f"{by}: {owner.learner}" if owner.learner and owner.rule != YOU else by


def _is_by_a_rule(learner: str, by: str) -> bool:
    """Tell whether the table still says what was written into it by no person."""
    _, _, decided = by.partition(": ")
    return not by.startswith(YOU) and _as_kept(decided) == _as_kept(learner)


def _as_kept(name: str) -> str | float:
    """Return a name as a spreadsheet program may keep it: ``007`` becomes 7."""
    try:
        return float(name)
    except ValueError:
        return alike(name)
