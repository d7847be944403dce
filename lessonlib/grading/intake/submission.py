"""Find the notebooks that were handed in, and read them without trusting them."""

import base64
import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lessonlib.grading.intake.archives import ENDING, read, ways
from lessonlib.grading.intake.claims import claims, preference
from lessonlib.grading.intake.layouts import BY_NAME, LAYOUTS, Parts
from lessonlib.grading.intake.names import (
    exercise_in,
    exercise_of,
    is_hidden,
    is_notebook,
    person_in,
    readable,
    stem,
)
from lessonlib.grading.intake.people import Owner, as_before, people, with_what_was_said
from lessonlib.grading.intake.reading import UnreadableError
from lessonlib.grading.paper.words import WORDS

DEEPEST = 12  # folders below one another that are looked into


@dataclass(frozen=True, order=True)
class Submission:
    """One notebook that one learner handed in for one exercise."""

    learner: str
    exercise: str
    path: Path


def _lists() -> defaultdict[str, list[Path]]:
    return defaultdict(list)


@dataclass(frozen=True)
class Survey:
    """What lies in a folder of downloads."""

    joined: list[str]  # who was taken for one person because of an equal name alone
    submissions: list[Submission] = field(default_factory=list)  # one for each learner and exercise
    learners: dict[str, str] = field(default_factory=dict)  # with an id: canvas:123, or nothing
    copies: dict[tuple[str, str], list[Path]] = field(default_factory=dict)  # another one counts
    unrecognised: dict[str, list[Path]] = field(default_factory=_lists)  # by learner, or ""
    closed: dict[str, dict[Path, str]] = field(default_factory=lambda: defaultdict(dict))  # and why
    owners: dict[Path, list[Owner]] = field(default_factory=dict)  # of each notebook
    undecided: dict[str, list[Path]] = field(default_factory=_lists)  # nobody's yet; by exercise
    others: list[Path] = field(default_factory=list)  # perhaps handed in, no notebook by the name


Said = Mapping[str, Sequence[str]]  # the learners that a person wrote beside a path


def survey(
    folder: Path,
    exercises: Iterable[str],
    besides: Path | None = None,
    said: Said = MappingProxyType({}),
    earlier: Collection[str] = (),
    content: Callable[[bytes], str | None] = lambda data: None,
) -> Survey:
    """Look through a folder of downloads, whichever platform they come from; follow no link.

    A folder besides holds no downloads. A person may have said whose a notebook is, by path as
    `shown` gives it. The learners of an earlier run keep the spelling of their names. The content
    of a notebook may tell its exercise where its name does not.
    """
    shut: dict[Parts, str] = {}
    hidden: list[Parts] = []
    known = set(exercises)
    way = {parts: folder.joinpath(*parts) for parts in _walk(folder, besides, shut, hidden)}
    _look_into_archives(way, shut, known)
    _call_by_content(way, known, content)
    elsewhere = {parts: path for parts, path in way.items() if path != folder.joinpath(*parts)}
    text = partial(_text, way)
    seen = sorted_out(folder, way, known, text, said, shut, earlier, elsewhere)
    seen.others.extend(folder.joinpath(*parts) for parts in hidden)
    return seen


def sorted_out(
    folder: Path,
    paths: Collection[Parts],
    known: Collection[str],
    text: Callable[[Parts], str],
    said: Said = MappingProxyType({}),
    shut: Mapping[Parts, str] = MappingProxyType({}),
    earlier: Collection[str] = (),
    elsewhere: Mapping[Parts, Path] = MappingProxyType({}),
) -> Survey:
    """Say whose is what of the files and folders that lie in a folder, as `survey` does.

    `text` reads a file among them; `shut` is what could not be looked into, and why. Elsewhere is
    what is not where its way says: in an archive, or called otherwise.
    """
    claimed = claims(folder.name, paths, known, text)
    found = as_before(people(claimed, known), earlier)
    way = {parts: folder.joinpath(*parts) for parts in paths} | elsewhere
    called = {parts: shown(path, folder) for parts, path in elsewhere.items()}
    owned = with_what_was_said(found.owners, said, called)
    notebooks = {parts: those for parts, those in owned.items() if is_notebook(parts[-1])}
    seen = Survey(joined=found.joined)
    candidates: dict[tuple[str, str], list[Parts]] = defaultdict(list)
    for parts, those in notebooks.items():
        exercise = exercise_of(claimed[parts][0].file or parts[-1], known)
        for owner in those:
            if not exercise:
                seen.unrecognised[owner.learner].append(way[parts])
            elif owner.learner:
                candidates[owner.learner, exercise].append(parts)
            else:
                seen.undecided[exercise].append(way[parts])
    for key, those in sorted(candidates.items()):
        ranks = {parts: preference(parts, claimed[parts][0], key[1]) for parts in those}
        first, *others = sorted(those, key=ranks.__getitem__, reverse=True)
        seen.submissions.append(Submission(*key, way[first]))
        if others:
            seen.copies[key] = [way[parts] for parts in others]
    # Whoever has no notebook only because a person gave all of them to others is nobody.
    had = (owner for parts in notebooks for owner in found.owners[parts])
    have = {owner.learner for those in notebooks.values() for owner in those}
    given_away = {owner.learner for owner in had} - have | {""}
    for owner in sorted(
        (owner for those in owned.values() for owner in those), key=attrgetter("learner")
    ):
        if owner.learner not in given_away:
            seen.learners[owner.learner] = seen.learners.get(owner.learner) or owner.identity
    for parts, why in shut.items():
        for owner in owned.get((*parts, ""), [Owner("", "")]):
            place = way.get((*parts, ""), folder.joinpath(*parts))
            seen.closed[owner.learner][place] = why
    seen.owners.update(sorted((way[parts], those) for parts, those in notebooks.items()))
    for parts in way:
        if parts in elsewhere and not parts[-1]:
            continue  # an archive that was looked into
        learners = {owner.learner for owner in owned.get(parts, ())}
        if _may_be_handed_in(parts[-1], learners, candidates.keys(), known):
            seen.others.append(way[parts])
    return seen


def _may_be_handed_in(
    file: str, owners: set[str], graded: Collection[tuple[str, str]], known: Collection[str]
) -> bool:
    name, exercise = file.lower(), exercise_in(file.lower(), known)
    learners = owners & {learner for learner, _ in graded}
    return not (not file or is_notebook(file)) and (
        name.endswith(ARCHIVES)
        or (name.endswith(DOCUMENTS) and bool(exercise or not learners))
        or (name.endswith(NOTES) and bool(owners) and not learners)
        or bool(exercise and not any((learner, exercise) in graded for learner in learners))
    )


def by_name_alone(seen: Survey, earlier: Iterable[tuple[str, str]]) -> list[str]:
    """Return, in words, who is taken for one person with somebody of an earlier run."""
    owners = (owner for those in seen.owners.values() for owner in those)
    guessed = {each.learner for each in owners if each.rule in BY_NAME and not each.identity}
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
    folder, parts = path.parent.parent, (path.parent.name, path.name)
    ways = [way for way in said if readable(f"{path}").endswith(f"/{way}")]
    told = {readable("/".join(parts)): said[max(ways, key=len)]} if ways else {}
    text = partial(_text, {parts: path})
    return sorted_out(folder, [parts], set(exercises), text, told).submissions


def fetch(submission: Submission) -> str:
    """Return what was handed in, or why it cannot be read, as the line that a worker takes."""
    job: dict[str, Any] = {"exercise": submission.exercise}
    try:
        job["data"] = base64.b64encode(read(submission.path)).decode()
    except UnreadableError as problem:
        job["unreadable"] = problem.cause, problem.slots
    return json.dumps(job)


def _text(way: Mapping[Parts, Path], parts: Parts) -> str:
    try:
        return read(way[parts]).decode("utf-8-sig", "replace")
    except UnreadableError:
        return ""


def _look_into_archives(
    way: dict[Parts, Path], shut: dict[Parts, str], known: Collection[str]
) -> None:
    """Put what is in each archive in its place, as if it were a folder of the archive's name.

    One is called *ann_01* where a folder, which may be several people's, is called *ann*.
    """
    there = {parts[:number] for parts in way for number in range(len(parts))}
    for parts, path in list(way.items()):
        name = parts[-1][: -len(ENDING)]
        exercise = exercise_in(name, known)
        by_a_program = any(each.folders and each.match(name) for each in LAYOUTS)
        if exercise and not by_a_program:
            name = person_in(name, exercise) or name
        place = (*parts[:-1], name)
        if not parts[-1].lower().endswith(ENDING) or place in there or not place[-1].strip("."):
            continue  # no archive, or there is what was unpacked
        try:
            inside = [each for each in ways(path) if not any(map(is_hidden, each))]
        except UnreadableError as problem:
            shut[place], inside = problem.message, []
            way[(*place, "")] = path
        if any(is_notebook(each[-1]) and len(each) <= DEEPEST for each in inside):
            del way[parts]
            way |= {(*place, ""): path} | {(*place, *each): path.joinpath(*each) for each in inside}
        there.add(place)


def _call_by_content(
    way: dict[Parts, Path], known: Collection[str], content: Callable[[bytes], str | None]
) -> None:
    """Give notebooks that are called otherwise the name of their exercise.

    None is renamed beside a notebook that has the name: it may be a draft of that one.
    """
    named = {(*parts[:-1], exercise_of(parts[-1], known)) for parts in way}
    for parts, path in list(way.items()):
        if not is_notebook(parts[-1]) or exercise_of(parts[-1], known):
            continue
        try:
            exercise = content(read(path))
        except UnreadableError:
            continue
        if exercise and (*parts[:-1], exercise) not in named:
            by_a_program = any(each.files and each.match(parts[-1]) for each in LAYOUTS)
            name = f"{stem(parts[-1])} {exercise}" if by_a_program else exercise
            copies = (f"{name} ({number})" if number else name for number in count())
            free = ((*parts[:-1], f"{each}.ipynb") for each in copies)
            way[next(each for each in free if each not in way)] = way.pop(parts)


ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
DOCUMENTS = (".html", ".htm", ".json", ".py", ".pdf", ".doc", ".docx", ".odt")
NOTES = (".txt", ".md", ".rtf", ".pages", ".png", ".jpg", ".jpeg", ".heic")  # not if nobody's
_TOOLS = (".git", ".github", ".ipynb_checkpoints", "__macosx", "__pycache__")


def _walk(
    folder: Path, besides: Path | None, shut: dict[Parts, str], hidden: list[Parts]
) -> Iterator[Parts]:
    """Yield the way to all that is not hidden; note what is shut, and hidden notebooks."""
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
            if is_hidden(name):
                # Beside each file, a Mac puts a hidden one with its icon.
                icon = any(entry.name == f"._{each.name}" for each in found)
                inside = _inside(entry.path) if _may_hold_more(entry) else [entry.name]
                if name not in _TOOLS and not icon and any(map(is_notebook, inside or ())):
                    hidden.append(way)
                continue
            if name.endswith(".ipynb") or not _may_hold_more(entry):
                yield way
                continue
            if not above and os.path.islink(entry.path) and _inside(entry.path) == []:
                shut[way] = WORDS("closed.link_to_nothing")
                continue
            yield (*way, "")
            if os.path.islink(entry.path):
                shut[way] = WORDS("closed.link")
            elif len(way) < DEEPEST:
                folders.append(way)
            else:
                shut[way] = WORDS("closed.too_deep")


def _inside(folder: str) -> list[str] | None:
    try:
        return os.listdir(folder)
    except OSError:
        return None


def _may_hold_more(entry: os.DirEntry[str]) -> bool:
    """Tell whether this is a folder, or a link that does not lead to a plain file."""
    if os.path.islink(entry.path):
        return not os.path.isfile(entry.path)
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return True  # and it will be found out that it cannot be looked into
