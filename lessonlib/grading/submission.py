"""Find the notebooks that were handed in, and read them without trusting them."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lessonlib.grading.layouts import Parts, exercise_of, owners, preference

SIZE_LIMIT = 10_000_000  # bytes; a notebook with its plots stored has a tenth of this
DEEPEST = 12  # folders below one another that are looked into


class UnreadableError(Exception):
    """A submission that cannot be graded, with a short cause and a sentence for the learner."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message


def too_large(size: int) -> UnreadableError:
    """Return the refusal of a file of this many bytes."""
    return UnreadableError(
        "too-large",
        f"The file has {size / 1e6:.1f} MB; at most {SIZE_LIMIT / 1e6:.0f} MB are read. "
        "Clear all outputs, save, and hand it in again.",
    )


@dataclass(frozen=True, order=True)
class Submission:
    """One notebook that one learner handed in for one exercise."""

    learner: str
    exercise: str
    path: Path


@dataclass(frozen=True)
class Survey:
    """What lies in a folder of downloads.

    Parameters
    ----------
    submissions
        Sorted, one for each learner and exercise.
    learners
        Everyone who has a folder or a file here, also without a notebook to grade, and the
        number that the platform gave them; empty where it gave none.
    copies
        The notebooks that do not count because another copy does, by learner and exercise.
    unrecognised
        The notebooks that no exercise's name is found in, by learner.
    closed
        What could not be looked into, and why, by learner.
    """

    submissions: list[Submission]
    learners: dict[str, str]
    copies: dict[tuple[str, str], list[Path]]
    unrecognised: dict[str, list[Path]]
    closed: dict[str, dict[Path, str]] = field(default_factory=dict)


def survey(folder: Path, exercises: Iterable[str], besides: Path | None = None) -> Survey:
    """Look through a folder of downloads, whichever platform they come from.

    ``<learner>/<exercise>.ipynb`` is the course's own layout; `layouts` says how the names of
    Canvas, Moodle and GitHub Classroom are read, and which of several copies counts. Links are
    never followed.

    Parameters
    ----------
    folder
        Where the downloads lie.
    exercises
        The names of the exercises there are.
    besides
        A folder that holds no downloads, wherever it lies.
    """
    known = set(exercises)
    shut: dict[Parts, str] = {}
    owned = owners(folder.name, list(_walk(folder, besides, shut)), known)
    candidates: dict[tuple[str, str], list[Parts]] = defaultdict(list)
    unrecognised: dict[str, list[Path]] = defaultdict(list)
    for parts, owner in owned.items():
        if exercise := exercise_of(parts[-1], known):
            candidates[owner.learner, exercise].append(parts)
        elif ".ipynb" in parts[-1].lower():
            unrecognised[owner.learner].append(folder.joinpath(*parts))
    submissions, copies = [], {}
    for (learner, exercise), ways in sorted(candidates.items()):
        first, *others = sorted(ways, key=partial(preference, exercise=exercise), reverse=True)
        submissions.append(Submission(learner, exercise, folder.joinpath(*first)))
        if others:
            copies[learner, exercise] = [folder.joinpath(*parts) for parts in others]
    learners = {owner.learner: owner.platform_id for owner in owned.values()}
    closed: dict[str, dict[Path, str]] = defaultdict(dict)
    for parts, why in shut.items():
        owner = owned.get((*parts, ""))
        closed[owner.learner if owner else ""][folder.joinpath(*parts)] = why
    return Survey(
        submissions, dict(sorted(learners.items())), copies, dict(unrecognised), dict(closed)
    )


def find(folder: Path, exercises: Iterable[str]) -> list[Submission]:
    """List the submissions in a folder, as `survey` finds them."""
    return survey(folder, exercises).submissions


def at(path: Path, exercises: Iterable[str]) -> list[Submission]:
    """List the submissions at a path: those in a folder, or the one notebook that it is."""
    if path.is_dir():
        return find(path, exercises)
    known = set(exercises)
    parts = (path.parent.name, path.name)
    owner = owners(path.parent.parent.name, [parts], known).get(parts)
    exercise = exercise_of(path.name, known)
    return [Submission(owner.learner, exercise, path)] if owner and exercise else []


def read(path: Path) -> bytes:
    """Read a notebook's bytes, refusing whatever is not a plain file of sensible size.

    Raises
    ------
    UnreadableError
        With the reason, for links, pipes, empty and oversized files and missing permission.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK)
    except OSError as problem:
        if os.path.islink(path):
            raise UnreadableError(
                "link", "The notebook is a symbolic link. Hand in the file itself."
            ) from None
        reason = problem.strerror or "unknown reason"
        raise UnreadableError("unopened", f"The file cannot be opened: {reason}.") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not-a-file", "This is not a plain file. Hand in the notebook.")
        if status.st_size > SIZE_LIMIT:
            raise too_large(status.st_size)
        with open(handle, "rb", closefd=False) as file:
            return file.read(SIZE_LIMIT)
    except OSError as problem:
        raise UnreadableError("unopened", f"The file cannot be read: {problem.strerror}.") from None
    finally:
        os.close(handle)


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for a writer


def _walk(folder: Path, besides: Path | None, shut: dict[Parts, str]) -> Iterator[Parts]:
    """Yield the way to all files and folders that are not hidden; note what cannot be looked into.

    Raises
    ------
    OSError
        If the folder itself cannot be read.
    """
    folders: list[Parts] = [()]
    while folders:
        above = folders.pop()
        try:
            with os.scandir(folder.joinpath(*above)) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as problem:
            if not above:
                raise
            shut[above] = problem.strerror or str(problem)
            continue
        for entry in found:
            way, name = (*above, entry.name), entry.name.lower()
            if name.startswith((".", "__")) or folder.joinpath(*way) == besides:
                continue
            if name.endswith(".ipynb") or not _may_hold_more(entry):
                yield way
                continue
            yield (*way, "")
            if os.path.islink(entry.path):
                shut[way] = "a link, which is not followed"
            elif len(way) < DEEPEST:
                folders.append(way)


def _may_hold_more(entry: os.DirEntry[str]) -> bool:
    """Tell whether this is a folder, or a link that does not lead to a plain file."""
    if os.path.islink(entry.path):
        return not os.path.isfile(entry.path)
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return True  # and it will be found out that it cannot be looked into
