"""Objective and architecture taken apart: every objective in each architecture that can have it.

A *cell* is an objective in an architecture. Architectures have two layers in all (one stack of two,
or two of one), which makes the number of weights equal; or two in each stack, which makes the
number of layers equal that a word passes; or two stacks of two layers with the same weights, as T5
has tried it. All cells read the same sentences. The learning rate of each is searched in the same
way, on other random starts, by the loss of its own practice. Rows are appended to a file as they
come, so that an interrupted run goes on where it was.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import UNTRAINED, MakeBatch
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences import hiding, recipes
from lessonlib.exams.sentences.abilities import EXAMS, examined
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.joined import (
    EndingWriter,
    JoinedBothWays,
    JoinedForward,
    MixedBothWays,
    MixedForward,
)
from lessonlib.exams.sentences.candidates.writers import (
    DecoderOnly,
    EncoderDecoder,
    FillInMiddle,
    MixedDenoiser,
    PrefixReader,
)
from lessonlib.exams.sentences.hiding import RULES
from lessonlib.exams.sentences.language import HEADS, Language
from lessonlib.exams.sentences.unread import READ, PartOfLanguage, parts
from lessonlib.files import written_whole
from lessonlib.models import Config, Transformer, train
from lessonlib.models.files import save
from lessonlib.models.shared import SharedTransformer, different_weights
from lessonlib.worlds.sentences import learnable_world


@dataclass(frozen=True)
class Shape:
    """An architecture as it is compared here."""

    name: str
    architecture: str  # as in :class:`lessonlib.models.Config`
    layers: int  # in all stacks
    passed: int  # layers that a word passes
    kind: type[Transformer] = Transformer


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("decoder-only", "decoder-only", 2, 2),
        Shape("prefix decoder", "decoder-only", 2, 2),
        Shape("encoder-only", "encoder-only", 2, 2),
        Shape("encoder-decoder 1+1", "encoder-decoder", 2, 1),
        Shape("encoder-decoder 2+2", "encoder-decoder", 4, 2),
        Shape("encoder-decoder 2+2, shared", "encoder-decoder", 4, 2, SharedTransformer),
    )
}
FORWARD, PREFIX, ENCODER, EQUAL_WEIGHTS, EQUAL_LAYERS, SHARED = SHAPES
TWO_STACKS = (EQUAL_WEIGHTS, EQUAL_LAYERS, SHARED)

#: What each objective is crossed with; the usual architecture stands first.
CELLS = {
    "causal": (FORWARD,),
    "masked": (ENCODER, PREFIX, EQUAL_WEIGHTS, EQUAL_LAYERS),
    "span_corruption": (EQUAL_WEIGHTS, FORWARD, PREFIX, ENCODER, EQUAL_LAYERS, SHARED),
    "prefix_lm": (PREFIX, FORWARD, *TWO_STACKS),
    "fill_in_middle": (FORWARD,),
    "ul2": (EQUAL_WEIGHTS, FORWARD, PREFIX, EQUAL_LAYERS, SHARED),
    "masked_at_every_rate": (ENCODER,),
    "t5_spans_rolled": (EQUAL_WEIGHTS, FORWARD, PREFIX, ENCODER, EQUAL_LAYERS, SHARED),
    "t5_spans": (EQUAL_WEIGHTS,),
    UNTRAINED: (FORWARD, PREFIX, ENCODER, EQUAL_WEIGHTS, EQUAL_LAYERS, SHARED),
}
#: Objectives and architectures that are fully crossed; effects are told apart in these.
BLOCKS = (
    (("prefix_lm", "span_corruption", "t5_spans_rolled", "ul2"), (FORWARD, PREFIX, *TWO_STACKS)),
    (
        ("masked", "span_corruption", "t5_spans_rolled"),
        (ENCODER, PREFIX, EQUAL_WEIGHTS, EQUAL_LAYERS),
    ),
)
#: What practice hides, how much, and in what lengths.
PARAMETERS = {
    "causal": {"asked": "every word"},
    "masked": {"rate": hiding.RATE, "lengths": "single words"},
    "masked_at_every_rate": {"rate": [0.05, 1], "lengths": "single words"},
    "span_corruption": {"spans": 1, "lengths": "1 to 5, uniform", "same as": "missing_span"},
    "t5_spans": {"rate": hiding.DENSITY, "mean length": hiding.MEAN_SPAN, "rolled": False},
    "t5_spans_rolled": {"rate": hiding.DENSITY, "mean length": hiding.MEAN_SPAN, "rolled": True},
    "prefix_lm": {"spans": 1, "lengths": "the rest, uniform"},
    "fill_in_middle": {"rearranged": 0.5, "order": "psm"},
    "ul2": {"R": 0.4, "S": 0.4, "X": 0.2, "R lengths": "1 to 5", "X lengths": "6 to all"},
    UNTRAINED: {},
}

ROWS = 64
STEPS = 2000
SEEDS = (0, 1, 2, 3, 4)
SEARCH_SEED = 100  # of the search; none of the measured ones
SEARCH_STEPS = 1000
RATES = (2e-3, 4e-3, 8e-3)
JUDGED_ON = 30  # batches that nothing was trained on
QUESTIONS = {"continuation": 1000, "blank": 1000, "missing_span": 1000,
             "matching": 500, "classification": 1000}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is trained and asked."""

    steps: int = STEPS
    search_steps: int = SEARCH_STEPS
    rates: tuple[float, ...] = RATES
    seeds: tuple[int, ...] = SEEDS
    questions: int | None = None  # of each ability, if not as many as usual


WHOLE = Size()
QUICK = Size(steps=60, search_steps=20, rates=(4e-3, 8e-3), seeds=(0,), questions=100)


@cache
def languages() -> dict[str, PartOfLanguage]:
    """Return the village in its read and its unread part, with ten sentinels."""
    whole = Language(learnable_world())
    whole.vocabulary = hiding.ManySentinels(whole.oracle.words)
    return parts(whole)


def cells() -> list[tuple[str, str]]:
    """Every objective with its architectures: the usual ones first."""
    both = [(name, shape) for name, shapes in CELLS.items() for shape in shapes]
    return sorted(both, key=lambda cell: (cell[1] != CELLS[cell[0]][0], cell[0] == UNTRAINED))


def practised(objective: str, shape: str) -> MakeBatch:
    """Return what makes batches of an objective in the form of an architecture."""
    if objective in ("causal", "fill_in_middle"):
        return getattr(recipes, objective)
    if objective == "prefix_lm" and shape in (FORWARD, PREFIX):
        return recipes.prefix_lm if shape == PREFIX else hiding.later_words
    if shape == ENCODER:
        bert = objective.startswith("masked")
        return partial(hiding.in_place, RULES[objective], bert=bert)
    two = recipes.ul2 if objective == "ul2" else partial(hiding.two_stacks, RULES[objective])
    if shape in TWO_STACKS:
        return two
    return partial(hiding.joined, two, both_ways=shape == PREFIX)


def answering(objective: str, shape: str) -> type[TextCandidate]:
    """Return how a model answers that has practised so."""
    if shape == ENCODER:
        return EncoderOnly
    if objective == "fill_in_middle":
        return FillInMiddle
    if shape in TWO_STACKS:
        return {"ul2": MixedDenoiser, "prefix_lm": EndingWriter}.get(objective, EncoderDecoder)
    if objective in ("causal", "prefix_lm", UNTRAINED):
        return PrefixReader if shape == PREFIX else DecoderOnly
    if objective == "ul2":
        return MixedBothWays if shape == PREFIX else MixedForward
    return JoinedBothWays if shape == PREFIX else JoinedForward


def new_model(shape: str, seed: int) -> Transformer:
    """Return a model that has never practised anything; a seed gives a shape the same weights."""
    language, form = languages()[READ], SHAPES[shape]
    config = Config(
        form.architecture,
        vocab_size=len(language.vocabulary),
        length=hiding.most_positions(language, form.architecture == "decoder-only"),
        heads=HEADS,
        layers=form.layers,
    )
    return form.kind(config, np.random.default_rng([seed, 0]))


def pretrained(
    objective: str, shape: str, seed: int, steps: int, rate: float
) -> tuple[Transformer, float, float]:
    """Train one model; return it, the seconds it took (of one core), and its labels a sentence."""
    model, labels = new_model(shape, seed), []
    if objective == UNTRAINED:
        return model, 0.0, 0.0

    def counted(batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            labels.append(batch.loss_mask.sum() / ROWS)
            yield batch

    started = time.process_time()
    stream = languages()[READ].practice(practised(objective, shape), seed, ROWS)
    if train(model, counted(stream), steps, learning_rate=rate).interrupted:
        raise KeyboardInterrupt
    return model, time.process_time() - started, float(np.mean(labels))


def own_loss(model: Transformer, objective: str, shape: str) -> float:
    """Mean loss of the objective's own practice on batches that nothing was trained on."""
    stream = languages()[READ].practice(practised(objective, shape), SEARCH_SEED + 1, ROWS)
    asked = [next(stream) for _ in range(JUDGED_ON)]
    return float(np.mean([model.loss(batch) for batch in asked]))


def searched(objective: str, shape: str, rate: float, size: Size) -> Iterator[Row]:
    """Train with one learning rate on another random start, and judge by its own practice."""
    model, seconds, _ = pretrained(objective, shape, SEARCH_SEED, size.search_steps, rate)
    yield {
        "experiment": "search",
        **_about(objective, shape),
        "seed": SEARCH_SEED,
        "learning_rate": rate,
        "steps": size.search_steps,
        "loss": own_loss(model, objective, shape),
        "train_seconds": round(seconds, 1),
    }


def measured(
    objective: str, shape: str, seed: int, rate: float, size: Size, models: Path | None = None
) -> Iterator[Row]:
    """Train one cell with one seed, and yield the rows of all its abilities.

    The model is kept in the folder `models`, for experiments that go on with it.
    """
    model, seconds, labels = pretrained(objective, shape, seed, size.steps, rate)
    if models is not None:
        models.mkdir(parents=True, exist_ok=True)
        save(model, models / f"{objective}, {shape}, {seed}.npz")
    loss = None if objective == UNTRAINED else own_loss(model, objective, shape)
    asked = languages()
    candidate = answering(objective, shape)(model, asked[READ])
    who = {
        "experiment": "exam",
        **_about(objective, shape),
        "weights": different_weights(model),
        "learning_rate": rate,
        "steps": size.steps if labels else 0,
        "sentences": size.steps * ROWS if labels else 0,
        "labels": round(labels, 2),
        "loss": loss,
        "train_seconds": round(seconds, 1),
        "version": version("lessonlib"),
    }
    for ability in EXAMS:
        questions = size.questions or QUESTIONS[ability]
        for row in examined(candidate, asked, ability, questions, seed):
            yield who | row


def _about(objective: str, shape: str) -> Row:
    return {
        "objective": objective,
        "parameters": PARAMETERS[objective],
        "architecture": shape,
        "usual": shape == CELLS[objective][0] and objective != UNTRAINED,
        "layers": SHAPES[shape].layers,
        "layers_passed": SHAPES[shape].passed,
    }


def best_rate(rows: list[Row], objective: str, shape: str) -> float:
    """Return the learning rate with the lowest loss in the search."""
    found = {
        row["learning_rate"]: row["loss"]
        for row in rows
        if (row["experiment"], row["objective"], row["architecture"])
        == ("search", objective, shape)
    }
    return min(found, key=found.__getitem__)


def run(path: Path, size: Size = WHOLE, only: list[tuple[str, str]] | None = None) -> None:
    """Search, then measure; append what is found to a file, leave out what is there."""
    rows = stored(path)
    trained = [cell for cell in only or cells() if cell[0] != UNTRAINED]
    done = {_key(row) for row in rows}
    with path.open("a") as file:

        def keep(found: Iterator[Row]) -> None:
            more = list(found)
            more = [row | {"together": len(more)} for row in more]
            file.write("".join(json.dumps(row) + "\n" for row in more))
            file.flush()
            rows.extend(more)

        for objective, shape in trained:
            for rate in size.rates:
                if ("search", objective, shape, SEARCH_SEED, rate) not in done:
                    keep(searched(objective, shape, rate, size))
        for seed in size.seeds:
            for objective, shape in only or cells():
                if ("exam", objective, shape, seed, None) not in done:
                    rate = 0.0 if objective == UNTRAINED else best_rate(rows, objective, shape)
                    keep(measured(objective, shape, seed, rate, size, path.with_suffix(".models")))


def stored(path: Path) -> list[Row]:
    """Read rows; what a kill has left half written is taken away, in the file too."""
    if not path.exists():
        return []
    lines = path.read_text().splitlines(keepends=True)
    rows = [json.loads(line) for line in lines if line.endswith("\n")]
    there = Counter(_key(row) for row in rows)
    kept = [row for row in rows if there[_key(row)] == row["together"]]
    if len(kept) < len(lines):
        with written_whole(path) as file:
            file.writelines(json.dumps(row) + "\n" for row in kept)
    return kept


def _key(row: Row) -> tuple:
    rate = row["learning_rate"] if row["experiment"] == "search" else None
    return row["experiment"], row["objective"], row["architecture"], row["seed"], rate


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m lessonlib.exams.experiments.grid")
    parser.add_argument("rows", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    run(options.rows, QUICK if options.quick else WHOLE)


if __name__ == "__main__":
    main()
