"""Contrastive tuning: how states that are poor for matching become good for it.

Raw states of a pretrained model are poor for comparing whole texts. A few pairs of sentences that
mean the same are enough to change that: sentences of a pair are pulled together, all others pushed
apart, with the loss that aligns pictures and captions. Source: Reimers and Gurevych 2019,
"Sentence-BERT"; Radford et al. 2021, "CLIP", section 2.3.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from lessonlib import attention
from lessonlib.exams.exam import described, practise, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row
from lessonlib.exams.sentences.abilities import MATCHED, chance_of_matching, every_way, pairs
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Rows
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import SEEDS, SENTENCES, THREE
from lessonlib.exams.sentences.tasks import TASKS
from lessonlib.exams.sentences.unread import READ
from lessonlib.exams.vocabulary import PAD
from lessonlib.models import Transformer
from lessonlib.models.layers import rms_norm
from lessonlib.models.pictures import clip_loss
from lessonlib.samples import START

PAIRS = 128
AT_ONCE = 64
STEPS = 100
RATE = 1e-3
GROUPS = 5  # of a hundred sentences each


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.jobs(tuned, THREE, len(SEEDS))


def tuned(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Match before and after tuning, with a pretrained model and one that never was.

    What is compared is the mean of the last states. Rows have "start" and "examples".
    """
    recipe = RECIPES[objective]
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    about = described(recipe, candidate) | {"ability": "matching", "seed": seed}
    rows = []
    starts = {"pretrained": candidate, "never pretrained": candidate.never_pretrained(seed)}
    for start, one in starts.items():
        for examples in (0, PAIRS):
            asked = one if not examples else aligned(one, examples, seed)
            for meanings, found in matched(asked, seed):
                told = {"meanings": meanings, "start": start, "examples": examples}
                rows.append(found.row(**about, **told))
    return rows


def matched(candidate: TextCandidate, seed: int) -> Iterator[tuple[str, Measurement]]:
    """Ask for the sentence that means the same, by the mean of the last states."""
    rng = np.random.default_rng([seed, 95])
    for meanings, part in candidate.language.parts.items():
        groups = [pairs(part, rng) for _ in range(GROUPS)]
        each = len(groups[0][0])
        tables = [
            every_way(lambda rows: {"": embedded(candidate, rows)[0]}, group) for group in groups
        ]
        for metric in MATCHED:
            raw = float(np.mean([table[""][metric] for table in tables]))
            chance = chance_of_matching(metric, each)
            yield meanings, Measurement(NATIVE, metric, GROUPS * each, raw, chance, 1.0, 1.0)


def aligned(candidate: TextCandidate, examples: int, seed: int) -> TextCandidate:
    """Return a copy that was tuned on so many pairs of a sentence and its paraphrase."""
    rng = np.random.default_rng([seed, 96])
    lessons = TASKS["paraphrase"].draw(candidate.language.parts[READ], examples, rng)
    copy = type(candidate)(candidate.model.copy(), candidate.language)

    def stream() -> Iterator[list]:
        while True:
            yield [lessons[n] for n in rng.permutation(examples)[:AT_ONCE]]

    def loss(_: Transformer, drawn: list) -> float:
        sides = [embedded(copy, [pair[side] for pair in drawn]) for side in (0, 1)]
        value, back_loss = clip_loss(*(vectors for vectors, _ in sides))
        for (_, back), gradient in zip(sides, back_loss(), strict=True):
            back(gradient)
        return value

    practise(copy.model, stream(), STEPS, learning_rate=RATE, loss=loss)
    return copy


def embedded(
    candidate: TextCandidate, rows: Rows
) -> tuple[np.ndarray, Callable[[np.ndarray], None]]:
    """Return one vector of length 1 for each sentence, and the way back.

    It is the mean of the last states of the stack that reads.
    """
    model, vocabulary = candidate.model, candidate.vocabulary
    forward = model.config.architecture == "decoder-only"
    front = vocabulary.encode([START]) if forward else []
    ids = vocabulary.padded([[*front, *row] for row in rows])
    real = ids != vocabulary[PAD]
    mask = attention.masks("causal" if forward else "bidirectional", real)
    stack, length = next(iter(model.config.stacks)), ids.shape[1]
    states, back_states = model.read_stack(stack, ids, mask.reshape(-1, 1, length, length))
    words = real.astype(states[stack].dtype)
    words[:, : len(front)] = 0
    shares = words / words.sum(axis=1, keepdims=True)
    each = states[stack].reshape(*ids.shape, -1)
    vectors, back_norm = rms_norm(np.einsum("npd,np->nd", each, shares))
    size = np.sqrt(vectors.shape[1], dtype=vectors.dtype)  # of a vector with a mean square of 1

    def backward(d_vectors: np.ndarray) -> None:
        d_means = back_norm(d_vectors / size)
        back_states((shares[:, :, None] * d_means[:, None]).reshape(states[stack].shape))

    return vectors / size, backward
