"""What is asked about pictures with captions, and how the answers are scored with the key."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from lessonlib.exams.measurement import Measurement, asked
from lessonlib.exams.scenes import items as questions
from lessonlib.exams.scenes.candidates import Captioner, Filler, Student
from lessonlib.exams.scenes.items import Choice
from lessonlib.exams.scenes.recipes import Patches, as_patches
from lessonlib.worlds.scenes import Scene, is_complete, is_true, right_captions

GROUP = 16  # pictures and captions to choose from

Ask = Callable[[int, np.random.Generator], list[Choice]]

CHOICES: dict[str, Ask] = {
    "truth": questions.changed,
    "binding": questions.binding,
    "relation": questions.exchanged,
    "counting": questions.counting,
    "blank": questions.blanks,
    "held_out": questions.held_out,
    "completeness": questions.completeness,
}
"""Abilities that are choices between captions of one picture."""

FILLED = {"counting", "blank"}
"""Those whose options differ in one word, which may simply be filled in."""

RETRIEVALS = ("find_caption", "find_picture")
ABILITIES = (*RETRIEVALS, *CHOICES, "writing")


def measure(
    student: Student, sizes: Mapping[str, int], seed: int
) -> Iterator[tuple[str, Measurement]]:
    """Ask one student everything.

    Parameters
    ----------
    student : Student
    sizes : dict of str to int
        How many questions each ability asks; an ability that is absent is left out.
    seed : int
        Decides the questions.

    Yields
    ------
    ability : str
    measurement : Measurement
    """
    if any(name in sizes for name in RETRIEVALS):
        found = _retrieval(student, max(sizes.get(name, 0) for name in RETRIEVALS), _rng(seed, 0))
        yield from zip(RETRIEVALS, found, strict=True)
    for number, (ability, ask) in enumerate(CHOICES.items(), 1):
        if ability in sizes:
            rng = _rng(seed, number)
            choices = ask(sizes[ability], rng)
            patches = as_patches([choice.scene for choice in choices], rng)
            yield ability, _choice(student, choices, patches, ability in FILLED)
    if "writing" in sizes:
        for found in _writing(student, sizes["writing"], _rng(seed, 99)):
            yield "writing", found


def measure_without_seeing(
    student: Student, sizes: Mapping[str, int], seed: int
) -> Iterator[tuple[str, float]]:
    """Ask the same with each picture exchanged for another: what the captions alone give away.

    Yields
    ------
    ability : str
    raw : float
        Share of right answers.
    """
    for number, (ability, ask) in enumerate(CHOICES.items(), 1):
        if ability in sizes:
            rng = _rng(seed, number)
            choices = ask(sizes[ability], rng)
            patches = as_patches([choice.scene for choice in choices], rng)
            others = patches[rng.permutation(len(patches))]
            yield ability, _choice(student, choices, others, ability in FILLED).raw


def _rng(seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, 10 + number])


def _retrieval(student: Student, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Each of 16 pictures picks one of 16 captions, and each caption a picture."""
    answer = _answer(student, "retrieve")
    groups = questions.groups(-(-asked(answer, size) // GROUP), rng)
    by_picture, by_caption = [], []
    before = student.passes
    for group in groups:
        scores = student.fit_all(as_patches(list(group.scenes), rng), group.captions)
        by_picture.append(scores.argmax(axis=1) == np.arange(GROUP))
        by_caption.append(scores.argmax(axis=0) == np.arange(GROUP))
    count = len(groups) * GROUP
    passes = (student.passes - before) / count
    return [
        Measurement(answer, "top1", count, float(np.mean(right)), 1 / GROUP, 1.0, passes)
        for right in (by_picture, by_caption)
    ]


def _choice(
    student: Student, choices: Sequence[Choice], patches: Patches, filled: bool
) -> Measurement:
    options = [choice.options for choice in choices]
    before = student.passes
    if filled:
        scores = student.fill(patches, options, [choice.hole or 0 for choice in choices])
    else:
        scores = student.choose(patches, options)
    right = [choice.right[int(np.argmax(row))] for choice, row in zip(choices, scores, strict=True)]
    task = "fill" if filled and isinstance(student, Filler) else "choose"
    return Measurement(
        _answer(student, task),
        "accuracy",
        len(choices),
        float(np.mean(right)),
        float(np.mean([np.mean(choice.right) for choice in choices])),
        1.0,
        (student.passes - before) / len(choices),
    )


def _writing(student: Student, size: int, rng: np.random.Generator) -> Iterator[Measurement]:
    """Count how many captions are true, and how many name everything."""
    scenes = questions.pictures(size, rng)
    before = student.passes
    lengths = [_length_of_a_complete_caption(scene) for scene in scenes]
    written = student.write(as_patches(scenes, rng), lengths)
    if written is None:
        return
    passes = (student.passes - before) / size
    answer = "native" if isinstance(student, Captioner) else "workaround"
    for metric, judge in (("true", is_true), ("complete", is_complete)):
        share = np.mean([_judged(judge, *pair) for pair in zip(written, scenes, strict=True)])
        yield Measurement(answer, metric, size, float(share), 0.0, 1.0, passes)


def _judged(judge: Callable, caption: tuple[str, ...], scene: Scene) -> bool:
    try:
        return judge(caption, scene)
    except ValueError:  # no caption of the grammar
        return False


def _length_of_a_complete_caption(scene: Scene) -> int:
    complete = [words for words in right_captions(scene) if is_complete(words, scene)]
    return len(complete[0])


def _answer(student: Student, task: str) -> str:
    return "native" if task in student.native else "workaround"
