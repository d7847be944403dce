"""Masked diffusion: how well a text is written in so many passes, beside causal LM.

Two models have practised to fill any number of blanks; in one each text counts alike (masked
diffusion, with its weight of one divided by the rate), in the other each answer does. A masked LM
that never saw more than a few blanks, a causal LM, and the village's own answer key write beside
them. All that fill blanks are told the length. Source: Nie et al. 2025 (LLaDA).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from lessonlib.exams.exam import Recipe, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row, share
from lessonlib.exams.passes import LENGTH, chances, village_in_passes
from lessonlib.exams.sentences import hiding
from lessonlib.exams.sentences.candidates.base import Pages, TextCandidate
from lessonlib.exams.sentences.cells import RECIPES, variant
from lessonlib.exams.sentences.subject import SEEDS, SENTENCES
from lessonlib.exams.sentences.weighting import WEIGHTS
from lessonlib.exams.vocabulary import Ids
from lessonlib.models import sampled
from lessonlib.models.unmasking import RANDOM, SUREST, due
from lessonlib.samples import MASK
from lessonlib.worlds.sentences import learnable_world

PASSES = (1, 2, 3, 4, 6, 8, 12)
WRITTEN, BY_KEY = 500, 100  # sentences, for each number of passes
DIFFUSION, EACH_ANSWER, KEY = "masked_diffusion", "any_number_of_blanks", "answer_key"
ASKED = ("causal", "masked", DIFFUSION, EACH_ANSWER)


def blanks_recipe(objective: str) -> Recipe:
    """Return what practises any number of blanks: each text counts alike, or each answer does."""
    alike = "texts" if objective == DIFFUSION else "answers"
    told = {"rate": "any number", "lengths": "single words", "alike": alike}
    make_batch = partial(hiding.in_place, hiding.any_number)
    one = variant("masked_at_every_rate", make_batch, name=objective, **told)
    return replace(one, loss=WEIGHTS[alike])


def jobs(size: Size) -> list[tuple]:
    """One job for each model and seed, and one for the answer key and each seed."""
    trained_ones = size.jobs(written, ASKED, len(SEEDS))
    return trained_ones + [size.job(by_the_key, seed) for seed in size.seeds(len(SEEDS))]


def written(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train a model and let it write sentences of 12 words; a causal LM writes as many as it will.

    Rows have "passes" and "order"; "positions" is what was computed for a sentence, in positions
    read: who looks both ways reads all of them in each pass, a causal LM each of them once.
    """
    recipe = RECIPES.get(objective) or blanks_recipe(objective)
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    about = described(recipe, candidate) | {"seed": seed}
    if objective == "causal":
        write = candidate.ways["writing", NATIVE]
        pages = write(WRITTEN, np.random.default_rng([seed, 30]), 1.0)
        words = candidate.passes / WRITTEN
        return list(_told(about | {"positions": words}, _decoded(candidate, pages), words))
    rows: list[Row] = []
    for order in (SUREST, RANDOM):
        for passes in PASSES:
            rng = np.random.default_rng([seed, 31, passes])
            pages = in_passes(candidate, [LENGTH] * WRITTEN, passes, order, rng)
            how = {"passes": passes, "order": order, "positions": passes * LENGTH}
            rows += _told(about | how, _decoded(candidate, pages), passes)
    return rows


def by_the_key(seed: int, kept: Path | None = None) -> list[Row]:
    """Let the village's own answer key write: a model without any mistake of its own."""
    rows: list[Row] = []
    for order in (SUREST, RANDOM):
        for passes in PASSES:
            rng = np.random.default_rng([seed, 32, passes])
            pages = [tuple(village_in_passes(passes, order, rng)[0][-1]) for _ in range(BY_KEY)]
            about = {"objective": KEY, "parameters": {}, "seed": seed}
            about |= {"passes": passes, "order": order, "positions": passes * LENGTH}
            rows += _told(about, pages, passes)
    return rows


def _decoded(candidate: TextCandidate, pages: Pages) -> list[tuple[str, ...]]:
    return [candidate.vocabulary.decode(page) for page in pages]


def _told(about: Row, pages: Sequence[tuple[str, ...]], passes: float) -> Iterator[Row]:
    """Judge what was written: how much of it is a sentence, and whether common ones come too often.

    The surprise of a sentence is -log of its probability among those of 12 words. On average it is
    their entropy; it is less for who writes common ones too often.
    """
    known = chances()
    found = np.array([known[page] for page in pages if page in known])
    said = {"ability": "writing", "meanings": "all"}
    whole = learnable_world().oracle
    valid = share([whole.probability(page) > 0 for page in pages])
    yield Measurement(NATIVE, "valid", len(pages), valid, 0.0, 1.0, passes).row(**about, **said)
    if len(found):
        mean = float(-np.log(found).mean())
        one = Measurement(NATIVE, "surprise", len(found), mean, None, entropy(), passes)
        yield one.row(**about, **said)


def in_passes(
    candidate: TextCandidate,
    lengths: Sequence[int],
    passes: int,
    order: str,
    rng: np.random.Generator,
    likeliest: bool = False,
) -> Pages:
    """Write texts of such lengths, as :func:`lessonlib.models.unmasking.unmask` writes one.

    Words are drawn, or the `likeliest` are taken. A text takes no more passes than it has words.
    """
    mask, choose = candidate.vocabulary[MASK], sampled(rng)
    pages = [[mask] * length for length in lengths]
    todo = [due(length, min(passes, length)) for length in lengths]
    for number in range(passes):
        there = [page for page, shares in zip(pages, todo, strict=True) if number < len(shares)]
        keep = [shares[number] for shares in todo if number < len(shares)]
        blanks = [[place for place, word in enumerate(page) if word == mask] for page in there]
        said = candidate.over_words(there, blanks)
        words = said.argmax(axis=1) if likeliest else choose(said)
        sure = said[np.arange(len(words)), words]
        first = 0
        for page, places, count in zip(there, blanks, keep, strict=True):
            own = slice(first, first + len(places))
            for chosen in _ranked(sure[own], order, rng)[:count].tolist():
                page[places[chosen]] = int(words[own][chosen])
            first += len(places)
    return pages


def _ranked(sure: np.ndarray, order: str, rng: np.random.Generator) -> Ids:
    if order == SUREST:
        return np.argsort(-sure, kind="stable")
    return rng.permutation(len(sure))


def entropy() -> float:
    """Return the entropy of the sentences of 12 words, in nats."""
    each = np.array([*chances().values()])
    return float(-(each * np.log(each)).sum())
