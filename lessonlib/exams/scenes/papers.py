"""What is asked about pictures with captions, and how the answers are scored with the key."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import numpy as np

from lessonlib.exams.exam import Drawn, Paper
from lessonlib.exams.measurement import Measurement, asked, share
from lessonlib.exams.scenes import items
from lessonlib.exams.scenes.candidates import Blindfolded, PictureCandidate
from lessonlib.exams.scenes.gallery import as_patches
from lessonlib.exams.scenes.items import Ask, Words
from lessonlib.worlds.scenes import Scene, is_complete, is_true, right_captions

GROUP = 16  # pictures and captions to choose from


def choice(
    ask: Ask, task: str, candidate: PictureCandidate, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Count the pictures for which a right caption gets the highest score."""
    choices = ask(size, rng)
    patches = as_patches([choice.scene for choice in choices], rng)
    chance = float(np.mean([np.mean(choice.right) for choice in choices]))
    found = []
    for answer, way, passes in candidate.known_ways(task):
        both = zip(choices, way(patches, choices), strict=True)
        right = share([choice.right[int(np.argmax(scores))] for choice, scores in both])
        found.append(Measurement(answer, "accuracy", size, right, chance, 1.0, passes() / size))
    return found


def retrieval(
    axis: int, candidate: PictureCandidate, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Let each of 16 pictures pick one of 16 captions (axis 1), or each caption a picture (0)."""
    found = []
    for answer, way, passes in candidate.known_ways("retrieve"):
        groups = items.groups(-(-asked(answer, size) // GROUP), rng)
        tables = [way(as_patches(scenes, rng), captions) for scenes, captions in groups]
        right = share([table.argmax(axis=axis) == np.arange(GROUP) for table in tables])
        count = len(groups) * GROUP
        found.append(Measurement(answer, "top1", count, right, 1 / GROUP, 1.0, passes() / count))
    return found


def writing(candidate: PictureCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Count how many captions are true, and how many name everything."""
    scenes = items.pictures(size, rng)
    patches = as_patches(scenes, rng)
    complete = ((words for words in right_captions(s) if is_complete(words, s)) for s in scenes)
    lengths = [len(next(captions)) for captions in complete]
    found = []
    for answer, write, passes in candidate.known_ways("write"):
        written, cost = write(patches, lengths), passes() / size
        for metric, judge in (("true", is_true), ("complete", is_complete)):
            right = [_judged(judge, *pair) for pair in zip(written, scenes, strict=True)]
            found.append(Measurement(answer, metric, size, share(right), 0.0, 1.0, cost))
    return found


def _judged(judge: Callable, caption: Words, scene: Scene) -> bool:
    with suppress(ValueError):  # no caption of the grammar
        return judge(caption, scene)
    return False


#: Abilities that are choices between captions of one picture; where the options differ in one word,
#: it may simply be filled in.
CHOICES: dict[str, tuple[Ask, str]] = {
    "truth": (items.changed, "choose"),
    "binding": (items.binding, "choose"),
    "relation": (items.exchanged, "choose"),
    "counting": (items.counting, "fill"),
    "blank": (items.blanks, "fill"),
    "held_out": (items.held_out, "choose"),
    "completeness": (items.completeness, "choose"),
}

PAPERS = {
    paper.ability: paper
    for paper in (
        Paper("find_caption", "top1", Drawn(partial(retrieval, 1), 10)),
        Paper("find_picture", "top1", Drawn(partial(retrieval, 0), 10)),
        *(
            Paper(ability, "accuracy", Drawn(partial(choice, ask, task), draw, Blindfolded))
            for draw, (ability, (ask, task)) in enumerate(CHOICES.items(), 11)
        ),
        Paper("writing", "true", Drawn(writing, 109)),
    )
}
