"""“Fine-tuning will solve it later”: how far a few examples bring each pretrained model.

Every ability is taught as pairs (read this, write that) in a form that no model has seen before, to
pretrained models and to models of the same architecture that were never pretrained.
"""

from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.exams.exam import student_for
from lessonlib.exams.sentences.candidates import Student
from lessonlib.exams.sentences.items import Gap, blanks, stretches
from lessonlib.exams.sentences.papers.blank import oracle_log_probabilities
from lessonlib.exams.sentences.papers.guessing import commonest_stretch, word_log_probabilities
from lessonlib.exams.sentences.papers.missing_span import oracle_answers
from lessonlib.exams.sentences.recipes import STEPS
from lessonlib.exams.vocabulary import Language
from lessonlib.samples import MASK
from lessonlib.worlds.sentences import learnable_world

OBJECTIVES = ("causal", "masked", "span_corruption")
ABILITIES = ("continuation", "blank", "missing_span")
EXAMPLES = (0, 8, 32, 128, 512)
TUNING_STEPS = 150
QUESTIONS = 300


def jobs(quick: bool, kept: Path | None) -> list[tuple]:
    """One job for each objective and seed."""
    seeds = (0,) if quick else (0, 1, 2)
    examples = (0, 32) if quick else EXAMPLES
    steps = STEPS // 4 if quick else STEPS
    return [
        (curve, objective, seed, examples, steps, kept)
        for seed in seeds
        for objective in OBJECTIVES
    ]


def curve(
    objective: str, seed: int, examples: tuple[int, ...], steps: int, kept: Path | None
) -> list[dict[str, Any]]:
    """Fine-tune one model, and its never-pretrained like, towards every ability.

    Returns
    -------
    list of dict
        "objective", "start" ("pretrained" or "never pretrained"), "ability", "examples", "seed",
        "raw", "chance", "oracle" and "score".
    """
    language = Language(learnable_world())
    student, _ = student_for(objective, language, seed, steps, kept)
    rows = []
    for ability in ABILITIES:
        rng = np.random.default_rng([seed, 30 + ABILITIES.index(ability)])
        lessons = as_pairs(language, ability, draw(language, ability, max(examples), rng))
        gaps = draw(language, ability, QUESTIONS, rng)
        chance, oracle = limits(language, ability, gaps)
        for start, learner in (
            ("pretrained", student),
            ("never pretrained", student.never_pretrained()),
        ):
            for count in examples:
                said = taught(learner, ability, lessons[:count], gaps, seed)
                raw = share_right(language, ability, said, gaps)
                rows.append(
                    {
                        "objective": objective,
                        "start": start,
                        "ability": ability,
                        "examples": count,
                        "seed": seed,
                        "raw": raw,
                        "chance": chance,
                        "oracle": oracle,
                        "score": (raw - chance) / (oracle - chance),
                    }
                )
    return rows


def draw(language: Language, ability: str, count: int, rng: np.random.Generator) -> list[Gap]:
    """Draw questions; to continue, everything to the right of a cut is missing."""
    if ability == "missing_span":
        return stretches(language, count, rng)
    gaps = blanks(language, count, rng)
    if ability == "blank":
        return gaps
    return [Gap(gap.left, [], gap.missing + gap.right) for gap in gaps]


def as_pairs(language: Language, ability: str, gaps: list[Gap]) -> list[tuple]:
    """What is read, with a mask for the gap, and what is to be written."""
    mask = language.vocabulary[MASK]
    return [([*gap.left, mask, *gap.right], gap.missing) for gap in gaps]


def taught(
    student: Student, ability: str, lessons: list[tuple], gaps: list[Gap], seed: int
) -> list[list[int]]:
    """Teach a copy of the student and ask it."""
    ways = student.ways
    rewrite = ways.get(("rewriting", "workaround"), ways["rewriting", "native"])
    sources = [source for source, _ in as_pairs(student.language, ability, gaps)]
    return rewrite(lessons, sources, TUNING_STEPS if lessons else 0, seed)


def share_right(language: Language, ability: str, said: list[list[int]], gaps: list[Gap]) -> float:
    """A continuation is right if a sentence comes out, anything else if it is word for word."""

    def right(gap: Gap, page: list[int]) -> bool:
        if ability == "continuation":
            return language.parse([*gap.left, *page]) is not None
        return page == gap.missing

    return float(np.mean([right(gap, page) for gap, page in zip(gaps, said, strict=True)]))


def limits(language: Language, ability: str, gaps: list[Gap]) -> tuple[float, float]:
    """What guessing and the oracle reach on these questions."""
    if ability == "continuation":
        return 0.0, 1.0
    if ability == "blank":
        truth = np.array([gap.missing[0] for gap in gaps])
        best = oracle_log_probabilities(language, gaps).argmax(axis=1)
        common = word_log_probabilities(language).argmax()
        return float(np.mean(truth == common)), float(np.mean(truth == best))
    common = [list(commonest_stretch(language))] * len(gaps)
    return (
        share_right(language, ability, common, gaps),
        share_right(language, ability, oracle_answers(language, gaps), gaps),
    )
