"""“Fine-tuning will solve it later”, where all must answer in a form that none has practised.

Every ability is taught as pairs (read this, write that) in a form that no model has seen before, to
pretrained models and to models of the same architecture that were never pretrained.
"""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Measurement, Row, share
from lessonlib.exams.sentences import items
from lessonlib.exams.sentences.abilities import exact
from lessonlib.exams.sentences.candidates.base import Pages, TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Pair
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.subject import SENTENCES, THREE
from lessonlib.samples import MASK

ABILITIES = ("continuation", "blank", "missing_span")
EXAMPLES = (0, 8, 32, 128, 512)
TUNING_STEPS = 150
QUESTIONS = 300


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.jobs(glance if size.quick else curve, THREE)


def glance(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Look at two numbers of examples."""
    return curve(objective, seed, steps, kept, (0, 32))


def curve(
    objective: str,
    seed: int,
    steps: int,
    kept: Path | None = None,
    examples: tuple[int, ...] = EXAMPLES,
) -> list[Row]:
    """Fine-tune one model, and its never-pretrained like, towards every ability.

    Rows as in the matrix, and "start" ("pretrained" or "never pretrained") and "examples".
    """
    candidate = trained(RECIPES[objective], SENTENCES, seed, steps, kept)
    language = candidate.language
    about = described(RECIPES[objective], candidate)
    starts = {"pretrained": candidate, "never pretrained": candidate.never_pretrained(seed)}
    rows = []
    for number, ability in enumerate(ABILITIES):
        rng = np.random.default_rng([seed, 30 + number])
        lessons = as_pairs(language, draw(language, ability, max(examples), rng))
        gaps = draw(language, ability, QUESTIONS, rng)
        limited = limits(language, ability, gaps)
        for start, learner in starts.items():
            for count in examples:
                answer, said, cost = taught(learner, lessons[:count], gaps, seed)
                raw = share_right(language, ability, said, gaps)
                found = Measurement(answer, "right", len(gaps), raw, *limited, cost)
                who = about | {"ability": ability, "seed": seed}
                rows.append(found.row(**who, start=start, examples=count))
    return rows


def draw(language: Language, ability: str, count: int, rng: np.random.Generator) -> list[items.Gap]:
    """Draw questions; to continue, everything to the right of a cut is missing."""
    gaps = (items.stretches if ability == "missing_span" else items.blanks)(language, count, rng)
    if ability != "continuation":
        return gaps
    return [items.Gap(gap.left, [], gap.missing + gap.right) for gap in gaps]


def as_pairs(language: Language, gaps: list[items.Gap]) -> list[Pair]:
    """What is read, with a mask for the gap, and what is to be written."""
    mask = language.vocabulary[MASK]
    return [([*gap.left, mask, *gap.right], gap.missing) for gap in gaps]


def taught(
    candidate: TextCandidate, lessons: list[Pair], gaps: list[items.Gap], seed: int
) -> tuple[str, Pages, float]:
    """Teach a copy and ask it, by its work-around if it has one: answer, pages, passes for each."""
    *_, (answer, rewrite, passes) = candidate.known_ways("rewriting")
    sources = [source for source, _ in as_pairs(candidate.language, gaps)]
    pages = rewrite(lessons, sources, TUNING_STEPS if lessons else 0, seed)
    return answer, pages, passes() / len(gaps)


def share_right(language: Language, ability: str, said: Pages, gaps: list[items.Gap]) -> float:
    """A continuation is right if a sentence comes out, anything else if it is word for word."""
    if ability != "continuation":
        return exact(said, [gap.missing for gap in gaps])
    both = zip(gaps, said, strict=True)
    return share([language.parse([*gap.left, *page]) is not None for gap, page in both])


def limits(language: Language, ability: str, gaps: list[items.Gap]) -> tuple[float, float]:
    """What guessing and the oracle reach on these questions."""
    if ability == "continuation":
        return 0.0, 1.0
    if ability == "blank":
        common = [items.common_words(language).argmax()]
        best = items.oracle_words(language, gaps).argmax(axis=1)[:, None]
    else:
        common, best = items.commonest_stretch(language), items.oracle_stretches(language, gaps)
    wanted = [gap.missing for gap in gaps]
    return exact([common] * len(gaps), wanted), exact(best, wanted)
