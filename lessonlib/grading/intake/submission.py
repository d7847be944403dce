"""Find the notebooks that were handed in, and read them without trusting them."""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from lessonlib.grading.intake.claims import claims, preference
from lessonlib.grading.intake.layouts import BY_NAME, Parts
from lessonlib.grading.intake.names import exercise_in, exercise_of, is_notebook, readable
from lessonlib.grading.intake.people import Owner, as_before, people, with_what_was_said
from lessonlib.grading.intake.reading import UnreadableError, read
from lessonlib.grading.paper.words import WORDS

DEEPEST = 12  # folders below one another that are looked into


@dataclass(frozen=True, order=True)
class Submission:
    """One notebook that one learner handed in for one exercise."""

    learner: str
    exercise: str
    path: Path


@dataclass(frozen=True)
class Survey:
    """What lies in a folder of downloads."""

    submissions: list[Submission]  # sorted, one for each learner and exercise
    learners: dict[str, str]  # all who have a folder or a file, and an id: canvas:123, or nothing
    copies: dict[tuple[str, str], list[Path]]  # what another copy counts for
    unrecognised: dict[str, list[Path]]  # no exercise's name is found in them; by learner, or ""
    closed: dict[str, dict[Path, str]]  # what could not be looked into, and why, by learner
    owners: dict[Path, list[Owner]]  # of each notebook
    joined: list[str]  # who was taken for one person because of an equal name alone
    undecided: dict[str, list[Path]]  # a person has to say whose they are; by exercise
    others: list[Path] = field(default_factory=list)  # perhaps handed in, no notebook by the name


Said = Mapping[str, Sequence[str]]  # the learners that a person wrote beside a path


def survey(
    folder: Path,
    exercises: Iterable[str],
    besides: Path | None = None,
    said: Said = MappingProxyType({}),
    earlier: Collection[str] = (),
) -> Survey:
    """Look through a folder of downloads, whichever platform they come from.

    ``<learner>/<exercise>.ipynb`` is the course's own layout; `layouts` says how other
    programs write names, `claims` which of several copies counts, and `people` who is one person.
    Links are never followed. A folder besides holds no downloads, wherever it lies. A person may
    have said whose a notebook is, by path as `shown` gives it. The learners of an earlier run keep
    the spelling of their names.
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
    """Say whose is what of the files and folders that lie in a folder, as `survey` does.

    `text` reads a file among them; `shut` is what could not be looked into, and why.
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
    """Return, in words, who is taken for one person with somebody of an earlier run."""
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
    """Return the submissions that one notebook is; what was said is by paths from any folder."""
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


def fetch(submission: Submission) -> tuple[str, bytes | UnreadableError]:
    """Return a submission's exercise, and what was handed in or why it cannot be read."""
    try:
        return submission.exercise, read(submission.path)
    except UnreadableError as problem:
        return submission.exercise, problem


def _text(folder: Path, parts: Parts) -> str:
    """Return what a file of a platform's says, as far as it can be read."""
    try:
        return read(folder.joinpath(*parts)).decode("utf-8-sig", "replace")
    except UnreadableError:
        return ""


ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
DOCUMENTS = (".html", ".htm", ".json", ".py", ".pdf", ".doc", ".docx", ".odt")
NOTES = (".txt", ".md", ".rtf", ".pages", ".png", ".jpg", ".jpeg", ".heic")  # not if nobody's
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
                shut[way] = WORDS("closed.link_to_nothing")
                continue
            yield (*way, "")
            if os.path.islink(entry.path):
                shut[way] = WORDS("closed.link")
            elif len(way) < DEEPEST:
                folders.append(way)
            else:
                shut[way] = WORDS("closed.too_deep")


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
