"""Multi-token prediction: does it help to be asked for the word after the next one, too.

A second head reads the same states and says the word after the next. After practice it may be left
out: then the question is whether the first one has become better. Or it may propose a word, which
the next pass confirms or not: then it is how often that saves a pass. Source: Gloeckle et al. 2024,
"Better & Faster Large Language Models via Multi-token Prediction".
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import Material, Recipe, Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.midway import Sentences
from lessonlib.exams.measurement import NATIVE, Measurement, Row, share
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.pairs import enlarged
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.cells import variant
from lessonlib.exams.sentences.items import next_words
from lessonlib.exams.sentences.language import SENTINELS
from lessonlib.exams.sentences.practice import causal
from lessonlib.exams.sentences.subject import CROSSED, SEEDS, own_practice
from lessonlib.exams.vocabulary import SPECIALS, Ids
from lessonlib.models import Transformer
from lessonlib.models.layers import Array, Parameter, cross_entropy, linear
from lessonlib.samples import START

STEPS = 1000
QUESTIONS, PROPOSED = 400, 400
NEXT, AHEAD = HEADS = ("next", "next_two")


class TwoHeads(Sentences):
    """Models of these have rows of their own for every word that is said two ahead."""

    def new_model(self, architecture: str, seed: int) -> Transformer:
        """Return a model like the usual one, with a second head."""
        usual = super().new_model(architecture, seed)
        return enlarged(usual, usual.config.length, new_tokens=self.vocabulary.words)


def heads(model: Transformer, words: int) -> tuple[Parameter, Parameter]:
    """Return what says the next token, and what says the word after it: the last rows."""
    table = model.parameters["tokens"]
    first, second = slice(0, -words), slice(-words, None)
    return tuple(Parameter(table.value[r].T, table.gradient[r].T) for r in (first, second))


def next_two(model: Transformer, batch: Batch) -> float:
    """Return the loss of both heads, added up, and add its gradient."""
    words = (model.config.vocab_size - len(SPECIALS) - SENTINELS) // 2
    asked = batch.loss_mask
    goes_on = np.zeros_like(asked)
    goes_on[:, :-1] = asked[:, :-1] & asked[:, 1:]
    states, back = model.hidden(batch.inputs, batch.attention_mask, asked)
    first, second = heads(model, words)
    logits, back_first = linear(states, first)
    one, back_one = cross_entropy(logits, batch.targets[asked])
    some = goes_on[asked]
    logits, back_second = linear(states[some], second)
    later = np.roll(batch.targets, -1, axis=1)
    two, back_two = cross_entropy(logits, later[goes_on])
    d_states = back_first(back_one())
    d_states[some] += back_second(back_two())
    back(d_states)
    return one + two


def facts(one: Recipe, material: Material, model: Transformer, steps: int) -> Row:
    """Say what is said of any model, of the first head alone."""
    return own_practice(one, material, with_one_head(model), steps)


RECIPES = {
    NEXT: variant("causal", causal, heads=1),
    AHEAD: replace(variant("causal", causal, heads=2), loss=next_two),
}
SUBJECTS = {
    NEXT: Subject("next", Sentences, {}, {}, own_practice),
    AHEAD: Subject("next_two", TwoHeads, {}, {}, facts),
}


def jobs(size: Size) -> list[tuple]:
    """One job for each practice and seed."""
    return [
        size.job(measure, practice, seed, size.steps(STEPS))
        for seed in size.seeds(len(SEEDS))
        for practice in HEADS
    ]


def measure(practice: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train with one head or two, and ask the first; rows have "practice"."""
    recipe: Recipe = RECIPES[practice]
    candidate = trained(recipe, SUBJECTS[practice], seed, steps, kept)
    about = described(recipe, candidate) | {"practice": practice, "seed": seed}
    alone = candidate
    if practice == AHEAD:
        alone = DecoderOnly(with_one_head(candidate.model), candidate.language)
    rows = [about | row for row in CROSSED.papers["continuation"].rows(alone, QUESTIONS, seed)]
    if practice == AHEAD:
        told = {"ability": "propose", "meanings": "unread"}
        rows.append(proposed(candidate, seed).row(**about, **told))
    return rows


def with_one_head(model: Transformer) -> Transformer:
    """Return a copy without the second head."""
    known = len(Sentences().vocabulary)
    config = replace(model.config, vocab_size=known)
    one = Transformer(config, np.random.default_rng(0), model.values.dtype.type)
    for name, weight in one.parameters.items():
        weight.value[...] = model.parameters[name].value[: len(weight.value)]
    return one


def proposed(candidate: TextCandidate, seed: int) -> Measurement:
    """Say how often the next pass confirms what the second head has proposed.

    Guessing proposes the word that is confirmed most often. What is proposed behind a full stop
    does not count.
    """
    part = candidate.language.parts["unread"]
    gaps = next_words(part, PROPOSED, np.random.default_rng([seed, 37]))
    said, ahead = _said(candidate, [gap.left for gap in gaps])
    on = said != candidate.vocabulary["."]
    longer = [[*gap.left, int(word)] for gap, word in zip(gaps, said, strict=True)]
    confirmed, _ = _said(candidate, [row for row, goes in zip(longer, on, strict=True) if goes])
    right, common = share(ahead[on] == confirmed), np.bincount(confirmed).max() / len(confirmed)
    return Measurement(NATIVE, "confirmed", int(on.sum()), right, float(common), 1.0, 1.0)


def _said(candidate: TextCandidate, lefts: list[list[int]]) -> tuple[Ids, Ids]:
    """Return the word that each head says behind every beginning."""
    words = candidate.vocabulary.words
    rows = [[candidate.vocabulary[START], *left] for left in lefts]
    found: Array = candidate.log_probabilities(rows, [[len(row) - 1] for row in rows])
    return found[:, :words].argmax(axis=1), found[:, -words:].argmax(axis=1)
