"""What is hidden, apart from how a model is asked for it: objectives and forms.

A *rule* says of every word whether it is hidden. A *form* makes a batch of that for an
architecture: in place (an encoder fills marked places), in two stacks (an encoder reads the text
with sentinels, a decoder writes what they stand for), or joined (one stack reads the text with
sentinels and goes on writing). So each rule can be practised by each architecture.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from lessonlib import batches
from lessonlib.batches import Batch
from lessonlib.batches.spans import noise_counts
from lessonlib.exams.sentences.items import LONGEST_STRETCH, SHORTEST_STRETCH
from lessonlib.exams.vocabulary import PAD, Ids, Vocabulary
from lessonlib.samples import MASK, START

Mask = np.ndarray
Rule = Callable[[Ids, np.random.Generator], Mask]

RATE, DENSITY, MEAN_SPAN = 0.15, 0.15, 3.0


def each_word(lengths: Ids, rng: np.random.Generator, rate: float | None = RATE) -> Mask:
    """Hide each word with a probability, one or more; without a rate, one is drawn each time."""
    rate = rng.uniform(0.05, 1) if rate is None else rate
    hidden = _inside(lengths) & (rng.random((len(lengths), lengths.max())) < rate)
    hidden[np.arange(len(lengths)), rng.integers(lengths)] |= ~hidden.any(axis=1)
    return hidden


def any_number(lengths: Ids, rng: np.random.Generator) -> Mask:
    """Hide any number of words from one to all, each number equally often, and any ones.

    Masked diffusion draws a rate and hides each word with that chance (Nie et al. 2025, LLaDA);
    to draw the number comes to the same and leaves less to luck.
    """
    lots = np.where(_inside(lengths), rng.random((len(lengths), lengths.max())), 1)
    rank = lots.argsort(axis=1).argsort(axis=1)
    return rank < rng.integers(1, lengths + 1)[:, None]


def one_stretch(lengths: Ids, rng: np.random.Generator) -> Mask:
    """Hide one stretch of one to five words, as the exam does."""
    missing = rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, len(lengths))
    return _stretch(lengths, rng.integers(lengths - missing + 1), missing)


def rest(lengths: Ids, rng: np.random.Generator) -> Mask:
    """Hide the end from any place on, perhaps all."""
    missing = rng.integers(1, lengths + 1)
    return _stretch(lengths, lengths - missing, missing)


def stretch_or_rest(lengths: Ids, rng: np.random.Generator) -> Mask:
    """Hide one stretch; in every other row it is the whole rest of the sentence."""
    short, long = one_stretch(lengths, rng), rest(lengths, rng)
    return np.where((np.arange(len(lengths)) % 2 == 0)[:, None], long, short)


def t5(lengths: Ids, rng: np.random.Generator, rolled: bool = False) -> Mask:
    """Hide by T5's own rule; `rolled` moves the gaps on by a random offset."""
    noise, counts = noise_counts(lengths, DENSITY, MEAN_SPAN)
    hidden = np.zeros((len(lengths), lengths.max()), bool)
    for row, (length, many, spans) in enumerate(zip(lengths, noise, counts, strict=True)):
        runs = np.column_stack([_composed(rng, length - many, spans), _composed(rng, many, spans)])
        flags = np.repeat(np.arange(runs.size) % 2 == 1, runs.ravel())
        hidden[row, :length] = np.roll(flags, rng.integers(length)) if rolled else flags
    return hidden


def _composed(rng: np.random.Generator, total: int, parts: int) -> np.ndarray:
    """Cut a number into so many parts of one or more, all ways equally likely."""
    cuts = np.sort(rng.permutation(total - 1)[: parts - 1]) + 1
    return np.diff([0, *cuts, total])


def _inside(lengths: Ids) -> Mask:
    return np.arange(lengths.max()) < lengths[:, None]


def _stretch(lengths: Ids, starts: Ids, missing: Ids) -> Mask:
    place = np.arange(lengths.max())
    return (place >= starts[:, None]) & (place < (starts + missing)[:, None])


def in_place(
    rule: Rule, ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator, bert: bool = False
) -> Batch:
    """Mark every hidden word and ask for it there; as `bert` does, a fifth of them otherwise."""
    hidden = rule(_lengths(ids, vocabulary), rng)
    lot = rng.random(ids.shape) if bert else np.zeros(ids.shape)
    words = rng.integers(vocabulary.words, size=ids.shape)
    shown = np.where(lot < 0.8, vocabulary[MASK], np.where(lot < 0.9, words, ids))
    inputs, real = np.where(hidden, shown, ids), ids != vocabulary[PAD]
    return Batch("masked", None, inputs, ids, hidden, ("bidirectional",), real)


def two_stacks(rule: Rule, ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Put a sentinel in the place of each hidden run, and ask for the runs, sentinels between."""
    return vocabulary.batch(batches.hide_spans, ids, runs(rule(_lengths(ids, vocabulary), rng)))


def joined(
    make_batch: Callable[..., Batch],
    ids: Ids,
    vocabulary: Vocabulary,
    rng: np.random.Generator,
    both_ways: bool = False,
) -> Batch:
    """Let one stack read what an encoder would, then write what a decoder would.

    Only what is written is asked for; `both_ways` lets it read the source in both directions.
    """
    two = make_batch(ids, vocabulary, rng)
    splits, written = two.source_real.sum(axis=1), two.real.sum(axis=1)
    inputs, behind = join(two.source, two.inputs, splits, written, vocabulary[PAD])
    targets, _ = join(two.source, two.targets, splits, written, vocabulary[PAD])
    attention = ("prefix", splits) if both_ways else ("causal",)
    real = np.arange(inputs.shape[1]) < (splits + written)[:, None]
    choices = {name: drawn for name, drawn in two.choices.items() if name != "spans"}
    return Batch(two.objective, None, inputs, targets, behind & real, attention, real, choices)


def join(first: Ids, second: Ids, splits: Ids, lengths: Ids, pad: int) -> tuple[Ids, Mask]:
    """Write rows of one array behind those of another one; say also which are the second's."""
    place = np.arange((splits + lengths).max())[None] - splits[:, None]
    behind = place >= 0
    from_second = np.take_along_axis(second, place.clip(0, second.shape[1] - 1), axis=1)
    from_first = np.full(place.shape, pad)
    width = min(first.shape[1], place.shape[1])
    from_first[:, :width] = first[:, :width]
    rows = np.where(behind, from_second, from_first)
    rows[place >= lengths[:, None]] = pad
    return rows, behind


def later_words(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Ask what a prefix LM is asked, but read from left to right only."""
    started = np.column_stack([np.full(len(ids), vocabulary[START]), ids])
    batch = batches.prefix_lm(started, rng, pad_id=vocabulary[PAD])
    return replace(batch, objective="causal", attention=("causal",), choices={})


def runs(hidden: Mask) -> np.ndarray:
    """Return row, start and end of every run of hidden words."""
    edges = np.diff(np.pad(hidden, [(0, 0), (1, 1)]).astype(np.int8), axis=1)
    row, start = np.nonzero(edges == 1)
    return np.column_stack([row, start, np.nonzero(edges == -1)[1]])


def _lengths(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return (ids != vocabulary[PAD]).sum(axis=1)


RULES: dict[str, Rule] = {
    "masked": each_word,
    "masked_at_every_rate": partial(each_word, rate=None),
    "span_corruption": one_stretch,
    "t5_spans": t5,
    "t5_spans_rolled": partial(t5, rolled=True),
    "prefix_lm": rest,
    "spans_and_endings": stretch_or_rest,
}
