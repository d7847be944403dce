"""Find the notebooks that were handed in, and read them without trusting them."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from lessonlib.grading.intake.layouts import BY_NAME, Parts, claims, preference
from lessonlib.grading.intake.names import exercise_in, exercise_of, is_notebook, readable
from lessonlib.grading.intake.people import Owner, as_before, people, with_what_was_said

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
        Everyone who has a folder or a file here, also without a notebook to grade, and the id
        that a platform may be told, after what it is: ``canvas:123``; empty where there is none.
    copies
        The notebooks that do not count because another copy does, by learner and exercise.
    unrecognised
        The notebooks that no exercise's name is found in, by learner; nobody's under "".
    closed
        What could not be looked into, and why, by learner.
    owners
        Whose each notebook is, and by what that was decided; nobody's yet where it cannot be told.
    joined
        Who was taken for one person because of an equal name alone.
    undecided
        The notebooks of which a person has to say whose they are, by exercise.
    others
        What may have been handed in and is no notebook by its name, or is hidden.
    """

    submissions: list[Submission]
    learners: dict[str, str]
    copies: dict[tuple[str, str], list[Path]]
    unrecognised: dict[str, list[Path]]
    closed: dict[str, dict[Path, str]]
    owners: dict[Path, list[Owner]]
    joined: list[str]
    undecided: dict[str, list[Path]]
    others: list[Path] = field(default_factory=list)


Said = Mapping[str, Sequence[str]]  # the learners that a person wrote beside a path


def survey(
    folder: Path,
    exercises: Iterable[str],
    besides: Path | None = None,
    said: Said = MappingProxyType({}),
    earlier: Collection[str] = (),
) -> Survey:
    """Look through a folder of downloads, whichever platform they come from.

    ``<learner>/<exercise>.ipynb`` is the course's own layout; `layouts` says how the names of
    other programs are read, and which of several copies counts, and `people` who is one person.
    Links are never followed.

    Parameters
    ----------
    folder
        Where the downloads lie.
    exercises
        The names of the exercises there are.
    besides
        A folder that holds no downloads, wherever it lies.
    said
        Whose the notebooks are of which a person has said so, by path as `shown` gives it.
    earlier
        The learners of an earlier run, who keep the spelling of their names.
    """
    shut: dict[Parts, str] = {}
    hidden: list[Parts] = []
    paths = list(_walk(folder, besides, shut, hidden))
    known = set(exercises)
    seen = sorted_out(folder, paths, known, partial(_text, folder), said, shut, earlier)
    seen.others.extend(folder.joinpath(*parts) for parts in hidden)
    return seen


def sorted_out(
    folder: Path,
    paths: Iterable[Parts],
    known: Collection[str],
    text: Callable[[Parts], str],
    said: Said = MappingProxyType({}),
    shut: Mapping[Parts, str] = MappingProxyType({}),
    earlier: Collection[str] = (),
) -> Survey:
    """Say whose is what of the files and folders that lie in a folder.

    Parameters
    ----------
    folder
        Where the downloads lie.
    paths
        The files and folders in it.
    known
        The names of the exercises there are.
    text
        Reads a file among them.
    said, earlier
        As for `survey`.
    shut
        The folders that could not be looked into, and why.
    """
    paths = list(paths)
    claimed = claims(folder.name, paths, known, text)
    found = as_before(people(claimed, known), earlier)
    owned = with_what_was_said(found.owners, said)
    candidates: dict[tuple[str, str], list[Parts]] = defaultdict(list)
    unrecognised: dict[str, list[Path]] = defaultdict(list)
    undecided: dict[str, list[Path]] = defaultdict(list)
    owners: dict[Path, list[Owner]] = {}
    for parts, those in owned.items():
        if is_notebook(parts[-1]):
            path = folder.joinpath(*parts)
            owners[path] = those
            exercise = exercise_of(claimed[parts][0].file or parts[-1], known)
            for owner in those:
                if not exercise:
                    unrecognised[owner.learner].append(path)
                elif owner.learner:
                    candidates[owner.learner, exercise].append(parts)
                else:
                    undecided[exercise].append(path)
    submissions, copies = [], {}
    for (learner, exercise), ways in sorted(candidates.items()):
        ranks = {parts: preference(parts, claimed[parts][0], exercise) for parts in ways}
        first, *others = sorted(ways, key=ranks.__getitem__, reverse=True)
        submissions.append(Submission(learner, exercise, folder.joinpath(*first)))
        if others:
            copies[learner, exercise] = [folder.joinpath(*parts) for parts in others]
    learners: dict[str, str] = {}
    # Whoever has no notebook only because a person gave all of them to others is nobody.
    given_away = _with_notebooks(found.owners) - _with_notebooks(owned) | {""}
    for owner in (owner for those in owned.values() for owner in those):
        if owner.learner not in given_away:
            learners[owner.learner] = learners.get(owner.learner) or owner.identity
    closed: dict[str, dict[Path, str]] = defaultdict(dict)
    for parts, why in shut.items():
        for owner in owned.get((*parts, ""), [Owner("", "")]):
            closed[owner.learner][folder.joinpath(*parts)] = why
    others = [
        folder.joinpath(*parts)
        for parts in paths
        if parts[-1]
        and not is_notebook(parts[-1])
        and _may_be_handed_in(parts[-1], owned.get(parts, ()), candidates.keys(), known)
    ]
    return Survey(
        submissions,
        dict(sorted(learners.items())),
        copies,
        dict(unrecognised),
        dict(closed),
        dict(sorted(owners.items())),
        found.joined,
        dict(undecided),
        others,
    )


def _may_be_handed_in(
    name: str,
    owners: Collection[Owner],
    graded: Collection[tuple[str, str]],
    known: Collection[str],
) -> bool:
    """Tell whether a file that is no notebook may have been handed in as one, or hold one."""
    name = name.lower()
    exercise = exercise_in(name, known)
    learners = {owner.learner for owner in owners} & {learner for learner, _ in graded}
    return (
        name.endswith(ARCHIVES)
        or (name.endswith(DOCUMENTS) and bool(exercise or not learners))
        or (name.endswith(NOTES) and bool(owners) and not learners)
        or bool(exercise and not any((learner, exercise) in graded for learner in learners))
    )


def _with_notebooks(owners: Mapping[Parts, list[Owner]]) -> set[str]:
    notebooks = (those for parts, those in owners.items() if is_notebook(parts[-1]))
    return {owner.learner for those in notebooks for owner in those}


def by_name_alone(seen: Survey, earlier: Iterable[tuple[str, str]]) -> list[str]:
    """Return, in words, who is taken for one person with somebody of an earlier run.

    Parameters
    ----------
    seen
        What lies in the folder of downloads.
    earlier
        The learners and exercises of the earlier run.
    """
    guessed = {
        owner.learner
        for those in seen.owners.values()
        for owner in those
        if owner.rule in BY_NAME and not owner.identity
    }
    done: dict[str, list[str]] = defaultdict(list)
    for learner, exercise in sorted(earlier):
        if learner in guessed:
            done[learner].append(exercise)
    return [f"{learner}: {', '.join(each)}" for learner, each in done.items()]


def shown(path: Path, folder: Path) -> str:
    """Return the way to a file as people read it."""
    return readable("/".join(path.relative_to(folder).parts))


def at(path: Path, exercises: Iterable[str], said: Said = MappingProxyType({})) -> list[Submission]:
    """Return the submissions that one notebook is.

    Parameters
    ----------
    path
        The notebook.
    exercises
        The names of the exercises there are.
    said
        As for `survey`, by paths from whatever folder the notebook is in.
    """
    known = set(exercises)
    parts = (path.parent.name, path.name)
    claimed = claims(path.parent.parent.name, [parts], known, partial(_text, path.parent.parent))
    ways = [way for way in said if readable(f"{path}").endswith(f"/{way}")]
    names = said[max(ways, key=len)] if ways else ()
    told = with_what_was_said(people(claimed, known).owners, {readable("/".join(parts)): names})
    owners = told.get(parts, [])
    exercise = exercise_of(claimed[parts][0].file or path.name, known) if parts in claimed else None
    return [
        Submission(each.learner, exercise, path) for each in owners if exercise and each.learner
    ]


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


def _text(folder: Path, parts: Parts) -> str:
    """Return what a file of a platform's says, as far as it can be read."""
    try:
        return read(folder.joinpath(*parts)).decode("utf-8-sig", "replace")
    except UnreadableError:
        return ""


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for a writer


ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
DOCUMENTS = (".html", ".htm", ".json", ".py", ".pdf", ".doc", ".docx", ".odt")
NOTES = (
    ".txt",
    ".md",
    ".rtf",
    ".pages",
    ".png",
    ".jpg",
    ".jpeg",
    ".heic",
)  # of nobody's, no matter
_TOOLS = (".git", ".github", ".ipynb_checkpoints", "__macosx", "__pycache__")


def _walk(
    folder: Path, besides: Path | None, shut: dict[Parts, str], hidden: list[Parts]
) -> Iterator[Parts]:
    """Yield the way to all files and folders that are not hidden; note what cannot be looked into.

    What is hidden and looks like a notebook, or holds some, is noted too.

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
            if folder.joinpath(*way) == besides:
                continue
            if name.startswith((".", "__macosx", "__pycache__")):
                # Beside each file, a Mac puts a hidden one with its icon.
                icon = any(entry.name == f"._{each.name}" for each in found)
                if name not in _TOOLS and not icon and _is_a_notebook_or_holds_some(entry):
                    hidden.append(way)
                continue
            if name.endswith(".ipynb") or not _may_hold_more(entry):
                yield way
                continue
            if not above and os.path.islink(entry.path) and _is_empty(entry.path):
                shut[way] = "a link to an empty folder"
                continue
            yield (*way, "")
            if os.path.islink(entry.path):
                shut[way] = "a link, which is not followed"
            elif len(way) < DEEPEST:
                folders.append(way)
            else:
                shut[way] = "too many folders below one another"


def _is_a_notebook_or_holds_some(entry: os.DirEntry[str]) -> bool:
    try:
        inside = os.listdir(entry.path) if _may_hold_more(entry) else [entry.name]
    except OSError:
        return False
    return any(map(is_notebook, inside))


def _is_empty(link: str) -> bool:
    try:
        return os.path.isdir(link) and not os.listdir(link)
    except OSError:
        return False


def _may_hold_more(entry: os.DirEntry[str]) -> bool:
    """Tell whether this is a folder, or a link that does not lead to a plain file."""
    if os.path.islink(entry.path):
        return not os.path.isfile(entry.path)
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return True  # and it will be found out that it cannot be looked into
