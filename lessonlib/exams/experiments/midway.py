"""Changing the objective midway: causal then masked, masked then causal, under one budget.

One stack practises one objective up to a step and then the other: what changes is what is asked and
who may look. All read the same sentences in one schedule, so they cost about the same. Sources of
the question: Gisserot-Boukhlef et al. 2025, "Should We Still Pretrain Encoders with Masked Language
Modeling?", for one budget; Weller et al. 2025, "Seq vs Seq" (Ettin), for going on with the other
objective when pretraining is over. Each model is asked as a decoder and as an encoder; the head
that says who gives is tuned in the form that was practised last.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import MakeBatch, Material, Recipe, Subject, described, practise, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.masking_rate import who_gives
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences import hiding
from lessonlib.exams.sentences.candidates.base import Log
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.pairs import Rows
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.cells import PARAMETERS, RATE, recipe
from lessonlib.exams.sentences.language import ROWS, Texts
from lessonlib.exams.sentences.practice import causal
from lessonlib.exams.sentences.subject import CROSSED, SEEDS
from lessonlib.exams.sentences.unread import read_village
from lessonlib.exams.vocabulary import Ids, Vocabulary
from lessonlib.models import Transformer
from lessonlib.samples import START

CAUSAL, MASKED = OBJECTIVES = ("causal", "masked")
STEPS, LATER = 1000, 250  # of the whole budget, and of practice that comes on top
CHANGES = (0.25, 0.5, 0.75, 1.0)  # when the change comes; at 1 it never does
QUESTIONS = 400


def masked(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Fill blanks as BERT does, behind a start token, so that words stand where they always do."""
    batch = hiding.in_place(hiding.each_word, ids, vocabulary, rng, bert=True)
    first = {"inputs": vocabulary[START], "targets": vocabulary[START], "loss_mask": False}
    started = {
        name: np.column_stack([np.full(len(ids), value), getattr(batch, name)])
        for name, value in (first | {"real": True}).items()
    }
    return replace(batch, **started)


PRACTICES: dict[str, MakeBatch] = {CAUSAL: causal, MASKED: masked}


def practised(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator, objective: str) -> Batch:
    """Make a batch of the objective whose turn it is."""
    return PRACTICES[objective](ids, vocabulary, rng)


class Sentences(Texts):
    """The sentences of the village that are read in practice."""

    def __init__(self) -> None:
        read = read_village()
        self.vocabulary, self.longest, self.parts = read.vocabulary, read.longest, read.parts
        self.world, self.ids, self.lengths = read.world, read.ids, read.lengths
        self.parse = read.parse


class Changing(Sentences):
    """The same, and the objective of each step."""

    def __init__(self, first: str, change: int) -> None:
        super().__init__()
        self.first, self.change = first, change

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = ROWS) -> Iterator[Batch]:
        """Yield batches without end: of the first objective, then of the other one."""
        drawn = super().practice(lambda *given: given, seed, rows)
        for step, given in enumerate(drawn):
            yield make_batch(*given, self.first if step < self.change else other(self.first))


def other(objective: str) -> str:
    """Return the other of the two."""
    return OBJECTIVES[1 - OBJECTIVES.index(objective)]


class Filler(EncoderOnly):
    """The same stack as an encoder: it looks both ways, and reads a start token, too."""

    def log_probabilities(self, rows: Rows, asked: Rows, *_: Any) -> Log:
        """Ask behind the start token; see `TextCandidate`."""
        started = [[self.vocabulary[START], *row] for row in rows]
        return super().log_probabilities(started, [[1 + n for n in places] for places in asked])


def as_encoder(model: Transformer) -> Transformer:
    """Return a copy that is called an encoder: the same weights under other names."""
    config = replace(model.config, architecture="encoder-only")
    twin = Transformer(config, np.random.default_rng(0), model.values.dtype.type)
    twin.values[...] = model.values
    return twin


def jobs(size: Size) -> list[tuple]:
    """One job for each change, and one for each conversion, with each seed."""
    steps, changes = size.steps(STEPS), CHANGES[1::2] if size.quick else CHANGES
    return [
        job
        for seed in size.seeds(len(SEEDS))
        for first in OBJECTIVES
        for job in (
            *(size.job(changed, first, change, seed, steps) for change in changes),
            size.job(converted, first, seed, steps),
        )
    ]


def changed(
    first: str, change: float, seed: int, steps: int, kept: Path | None = None
) -> list[Row]:
    """Practise one objective up to a change and then the other one; rows have "change"."""
    candidate, about = _trained(first, change, seed, steps, kept)
    last = first if change == 1 else other(first)
    return _asked(candidate, about | {"change": change, "last": last}, seed)


def converted(first: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Go on with the other objective when all is over, and practise that one alone as long.

    Rows have "change": 1, and "later", the steps that came after it.
    """
    candidate, about = _trained(first, 1, seed, steps, kept)
    last, later, rows = other(first), LATER * steps // STEPS, []
    starts = {"converted": candidate, "from_scratch": candidate.never_pretrained(seed)}
    for start, one in starts.items():
        model, before = one.model.copy(), steps if start == "converted" else 0
        stream = Changing(last, later).practice(practised, seed + len(SEEDS))
        practise(model, stream, later, learning_rate=RATE)
        read = {"steps": before + later, "sentences": (before + later) * ROWS}
        more = {"start": start, "change": 1.0, "later": later, "last": last, "train_seconds": None}
        rows += _asked(DecoderOnly(model, candidate.language), about | read | more, seed)
    return rows


def _trained(
    first: str, change: float, seed: int, steps: int, kept: Path | None
) -> tuple[DecoderOnly, Row]:
    """Train a stack, and return what its rows say."""
    usual = recipe(CAUSAL)
    told = {name: PARAMETERS[name] for name in (first, other(first))} | {"change": change}
    about = usual.about | {"parameters": told, "usual": False}
    one = replace(usual, objective=first, make_batch=practised, learning_rate=RATE, about=about)
    material = partial(Changing, first, round(change * steps))
    subject = Subject(f"change at {change:g}", material, {}, {}, facts)
    candidate = trained(one, subject, seed, steps, kept)
    return candidate, described(one, candidate) | {"seed": seed}


def facts(one: Recipe, material: Material, model: Transformer, steps: int) -> Row:
    """Say how large a model is, and how much it has read."""
    return {
        "weights": len(model.values),
        "version": version("lessonlib"),
        "sentences": steps * ROWS,
    }


def _asked(candidate: DecoderOnly, about: Row, seed: int) -> list[Row]:
    """Ask a model as a decoder and as an encoder; rows have "looks": back, or both ways."""
    encoder = Filler(as_encoder(candidate.model), candidate.language)
    back, both = about | {"looks": "back"}, about | {"looks": "both_ways"}
    rows = [back | row for row in CROSSED.papers["continuation"].rows(candidate, QUESTIONS, seed)]
    rows += [both | row for row in CROSSED.papers["blank"].rows(encoder, QUESTIONS, seed)]
    who, said = (candidate, back) if about["last"] == CAUSAL else (encoder, both)
    return rows + [said | row for row in who_gives(who, seed)]
