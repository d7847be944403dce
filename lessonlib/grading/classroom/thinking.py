"""What a class thinks before and after: the files that learners chose to hand in, put together.

No number tells of fewer learners than the smallest group that may be shown, and none can be worked
out from two that are shown: how answers changed is told only where every way of changing was that
of nobody or of enough, and where the sums of these ways are shown anyway.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lessonlib.grading.classroom import figures
from lessonlib.grading.classroom.by_form import ByForm, by_form, by_form_lines
from lessonlib.grading.classroom.counted import SMALLEST, Parts
from lessonlib.grading.classroom.expected import Expected, expected, expected_lines
from lessonlib.grading.classroom.figures import Interval
from lessonlib.grading.classroom.saying import said
from lessonlib.practice import class_file
from lessonlib.practice.class_file import ClassFileError, Handed
from lessonlib.practice.concepts import PHASES, RIGHT, UNKNOWN, Concept, concepts
from lessonlib.practice.predictions import Prediction, predictions

MOST_FILES = 20_000  # looked at below a folder
ENDING = ".json"
WAYS = ("went", "stayed", "came")
TURNS = ("stayed_right", "became_right", "no_longer_right", "stayed_wrong")


@dataclass(frozen=True)
class Gathered:
    """The newest file of each learner, and what was wrong with files that cannot be read."""

    handed: Sequence[Handed]
    problems: Sequence[tuple[Path, str]] = ()


@dataclass(frozen=True)
class Understood:
    """One question of the inventory, of those who answered it both before and after.

    Its two forms are counted together: the same misconceptions are behind their choices.
    `shown` has for each phase what the answers show; `turns` counts ways from right or wrong to
    right or wrong, and `ways` for each misconception whether it went, stayed or came. What may not
    be told is not in them.
    """

    concept: Concept
    shown: Mapping[str, Parts]
    turns: Mapping[str, int]
    ways: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Foreseen:
    """What a class predicted, and the share that came true, of those who know the answer."""

    prediction: Prediction
    chosen: Parts
    true: Interval | None


@dataclass(frozen=True)
class Calibration:
    """How well a class knew what it knows, in one phase of the inventory.

    `sure` is the share of answers other than "I do not know yet", `right` the share of these that
    is right, each averaged over so many `learners`. None where the class is too small.
    """

    learners: int
    sure: Interval | None
    right: Interval | None


@dataclass(frozen=True)
class Thinking:
    """All that is told of the files of a class."""

    learners: int
    both: int  # of them, how many answered before and after
    understood: Sequence[Understood]
    foreseen: Sequence[Foreseen]
    calibration: Mapping[str, Calibration]
    expected: Expected
    by_form: Sequence[ByForm]


def gathered(folder: Path) -> Gathered:
    """Read every file for the class below a folder, whatever a platform has called it.

    Other files are passed over in silence, if they do not bear the name of one. Of several files
    of a learner the last edition counts; of two alike in that, the one with more answers.
    """
    newest, nameless, problems = {}, [], []
    for path in _below(folder):
        try:
            handed = class_file.read(path)
        except (ClassFileError, OSError) as error:
            if Path(class_file.FILE).stem in path.name:
                problems.append((path, getattr(error, "strerror", None) or str(error)))
            continue
        if handed.is_empty:
            continue
        if not handed.copy:
            nameless.append(handed)
        elif handed.copy not in newest or _age(handed) > _age(newest[handed.copy]):
            newest[handed.copy] = handed
    return Gathered([*newest.values(), *nameless], problems)


def _below(folder: Path) -> Iterator[Path]:
    """Yield files that may be meant, in an order that does not depend on the disk."""
    looked_at = 0
    for where, folders, files in os.walk(folder):  # it follows no links
        folders.sort()
        for name in sorted(files):
            if not name.casefold().endswith(ENDING):
                continue
            looked_at += 1
            if looked_at > MOST_FILES:
                return
            yield Path(where, name)


def _age(handed: Handed) -> tuple[int, int]:
    return handed.edition, sum(map(len, handed.answers.values()))


def thinking(handed: Sequence[Handed], smallest: int = SMALLEST) -> Thinking:
    """Count what the files of a class say."""
    both = sum(all(each.answers[phase] for phase in PHASES) for each in handed)
    return Thinking(
        len(handed),
        both,
        [understood(concept, handed, smallest) for concept in concepts().values()],
        [foreseen(each, handed, smallest) for each in predictions().values()],
        {phase: calibration(handed, phase, smallest) for phase in PHASES},
        expected(handed, smallest),
        by_form(handed, smallest),
    )


def understood(concept: Concept, handed: Iterable[Handed], smallest: int = SMALLEST) -> Understood:
    """Count one question of the inventory."""
    pairs = [tuple(each.answers[phase].get(concept.name) for phase in PHASES) for each in handed]
    pairs = [pair for pair in pairs if all(pair)]
    shown = {
        phase: Parts.of(Counter(pair[place] for pair in pairs), smallest)
        for place, phase in enumerate(PHASES)
    }
    turns = Counter(_turn(*pair) for pair in pairs)
    kinds = [choice.misconception for choice in concept.choices if choice.misconception != RIGHT]
    ways = {}
    for kind in kinds:
        counts = Counter(_way(kind, *pair) for pair in pairs)
        ways[kind] = _if_told(counts, (*WAYS, "never"), smallest, kind, shown)
    return Understood(
        concept,
        shown,
        _if_told(turns, TURNS, smallest, RIGHT, shown),
        {kind: _without_never(found) for kind, found in ways.items() if found},
    )


def _turn(before: str, after: str) -> str:
    if after == RIGHT:
        return "stayed_right" if before == RIGHT else "became_right"
    return "no_longer_right" if before == RIGHT else "stayed_wrong"


def _way(kind: str, before: str, after: str) -> str:
    if before == kind:
        return "stayed" if after == kind else "went"
    return "came" if after == kind else "never"


def _if_told(
    counts: Mapping[str, int],
    ways: Sequence[str],
    smallest: int,
    kind: str,
    shown: Mapping[str, Parts],
) -> dict[str, int]:
    """Return how many went which way, or nothing if that would tell of too few."""
    stayed = counts["stayed_right"] + counts["stayed"]
    sums = {
        "before": stayed + counts["no_longer_right"] + counts["went"],
        "after": stayed + counts["became_right"] + counts["came"],
    }
    if not any(counts.values()) or any(0 < counts[way] < smallest for way in ways):
        return {}
    if any(total and kind not in shown[phase].shown for phase, total in sums.items()):
        return {}
    return {way: counts[way] for way in ways}


def _without_never(counts: Mapping[str, int]) -> dict[str, int]:
    return {way: counts[way] for way in WAYS}


def foreseen(
    prediction: Prediction, handed: Iterable[Handed], smallest: int = SMALLEST
) -> Foreseen:
    """Count what was predicted, and how often that came true."""
    made = [each.predicted[prediction.name] for each in handed if prediction.name in each.predicted]
    chosen = Parts.of(Counter(prediction.options[each.chosen] for each in made), smallest)
    known = [each.chosen in each.right for each in made if each.right]
    enough = min(sum(known), len(known) - sum(known)) >= smallest
    all_alike = len(known) >= smallest and len({*known}) == 1
    true = figures.share(sum(known) / len(known), len(known)) if enough or all_alike else None
    return Foreseen(prediction, chosen, true)


def calibration(handed: Iterable[Handed], phase: str, smallest: int = SMALLEST) -> Calibration:
    """Measure how much of what was claimed to be known was right."""
    answers = [[*each.answers[phase].values()] for each in handed if each.answers[phase]]
    sure = [sum(one != UNKNOWN for one in each) / len(each) for each in answers]
    claims = [[one == RIGHT for one in each if one != UNKNOWN] for each in answers]
    right = [sum(each) / len(each) for each in claims if each]
    return Calibration(len(answers), _mean(sure, smallest), _mean(right, smallest))


def _mean(values: Sequence[float], smallest: int) -> Interval | None:
    if len(values) < max(1, smallest):
        return None
    return figures.share(sum(values) / len(values), len(values))


def what_it_shows(concept: Concept, kept: str) -> str:
    """Say in words what an answer shows: a misconception, that it is right, or that it is open."""
    choice = concept.choice(kept)
    if choice is None:
        return said("thinking.unknown")
    return choice.says or said("thinking.right")


def understood_lines(found: Thinking) -> Iterator[list[object]]:
    """Yield the lines of a table: for each question what answers showed before and after."""
    yield ["question", "shows", "in_words", "learners", *PHASES, *WAYS]
    for each in found.understood:
        kinds = dict.fromkeys(kind for phase in PHASES for kind in each.shown[phase].shown)
        for kind in kinds:
            counts = [each.shown[phase].shown.get(kind) for phase in PHASES]
            ways = [each.ways.get(kind, {}).get(way) for way in WAYS]
            words = what_it_shows(each.concept, kind)
            yield [each.concept.name, kind, words, each.shown["before"].whole, *counts, *ways]


def foreseen_lines(found: Thinking) -> Iterator[list[object]]:
    """Yield the lines of a table: for each prediction what was chosen how often."""
    yield ["prediction", "chosen", "learners", "of"]
    for each in found.foreseen:
        for option, count in each.chosen.shown.items():
            yield [each.prediction.name, option, count, each.chosen.whole]


def calibration_lines(found: Thinking) -> Iterator[list[object]]:
    """Yield the lines of a table: in each phase, how much was claimed and how much was right."""
    yield ["phase", "learners", "sure", "sure_low", "sure_high", "right", "right_low", "right_high"]
    for phase, each in found.calibration.items():
        intervals = [each.sure, each.right]
        figures_of = [[*vars(one).values()] if one else [None] * 3 for one in intervals]
        yield [phase, each.learners, *figures_of[0], *figures_of[1]]


THINKING_TABLES = {
    "thinking": understood_lines,
    "predictions": foreseen_lines,
    "calibration": calibration_lines,
    "expected": lambda found: expected_lines(found.expected),
    "forms": lambda found: by_form_lines(found.by_form),
}
