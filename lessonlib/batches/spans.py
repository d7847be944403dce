"""Objectives that hide spans behind numbered sentinels: span corruption and UL2's mixture.

The k-th span of a row has the sentinel ``vocab_size - 1 - k``; one more closes the targets. All ids
are smaller than the sentinels of their batch. ``choices["spans"]`` holds (row, start, end).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.attention import Mask
from lessonlib.batches import arguments
from lessonlib.batches.batch import Batch, encoder_decoder
from lessonlib.batches.draws import compositions
from lessonlib.batches.layout import WORDS, Ids, Lengths, Padded, laid_out
from lessonlib.samples import MODE


@dataclass(frozen=True, eq=False)
class Spans:
    """The spans of each row from left to right.

    `starts` and `ends` have the shape (rows, most spans in a row). Behind the last span of a row
    stand empty ones at its end, so that nothing is left to copy between them.
    """

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    counts: Lengths

    @cached_property
    def used(self) -> Mask:
        """Which entries are spans of the row."""
        return np.arange(self.starts.shape[1]) < self.counts[:, None]

    @cached_property
    def hidden(self) -> Lengths:
        """Number of tokens in the spans of each row."""
        return (self.ends - self.starts).sum(axis=1)

    def listed(self) -> NDArray[np.intp]:
        """Return the spans as (row, start, end)."""
        rows = np.repeat(np.arange(len(self.counts)), self.counts)
        return np.column_stack([rows, self.starts[self.used], self.ends[self.used]])


def _filled_up(starts: NDArray[np.intp], ends: NDArray[np.intp], counts: Lengths) -> Spans:
    """Return spans with whatever stands behind the last one of each row made empty."""
    used = np.arange(starts.shape[1]) < counts[:, None]
    ends = np.maximum.accumulate(np.where(used, ends, 0), axis=1)
    return Spans(np.where(used, starts, ends), ends, counts)


def span_lengths(
    inputs_length: int, noise_density: float = 0.15, mean_span_length: float = 3.0
) -> tuple[int, int]:
    """Return how long texts and their targets are whose sources fill `inputs_length`.

    T5 ends sources and targets with an end-of-text token, and the lengths count it. The sources of
    :func:`span_corruption` have none and are one shorter; in its targets the final sentinel takes
    that place. The formula is T5's as published (``random_spans_helper``; Raffel et al. 2020), and
    differs from what is then hidden where it rounds to no noise, no span or nothing kept; where it
    counts more spans than there are kept tokens to part them; and with a density of exactly 0.5,
    where it shortens text and targets by one token without counting again.
    """
    inputs_length = checks.integer(inputs_length, "inputs_length", 2)
    density, mean = _checked_noise(noise_density, mean_span_length)

    def lengths_of(tokens: int) -> tuple[int, int]:
        noise = round(tokens * density)
        spans = round(noise / mean)
        return tokens - noise + spans + 1, noise + spans + 1

    tokens = 1
    while lengths_of(tokens + 1)[0] <= inputs_length:
        tokens += 1
    targets = lengths_of(tokens)[1]
    shorter = density == 0.5 and targets > inputs_length
    return tokens - shorter, targets - shorter


def span_mask(
    length: int,
    rng: np.random.Generator,
    noise_density: float = 0.15,
    mean_span_length: float = 3.0,
    random_roll: bool = False,
) -> Mask:
    """Draw which tokens of a text are hidden, as T5 does; True where one is.

    The number of hidden tokens (a share `noise_density`, above 0 and below 1; of a single token
    none) and of spans (`mean_span_length` tokens long, 1 or more) is fixed by the length; how
    tokens are dealt out to spans and to the kept stretches before them is uniform. So position 0 is
    never hidden and the last one always is; `random_roll` moves the spans on by a random offset
    and cures that. Source: Raffel et al. 2020 (T5): ``random_spans_noise_mask`` of the published
    code. Numbers are rounded to the nearest even in double precision, here and in
    :func:`span_lengths`. T5's mask rounds in single precision and differs from its own length
    helper at 39 of the lengths up to 4096 (190, 350, ...).
    """
    length, rng = checks.integer(length, "length", 1), checks.generator(rng)
    density, mean = _checked_noise(noise_density, mean_span_length)
    text = np.array([max(length, 2)])
    random_roll = checks.boolean(random_roll, "random_roll")
    spans = _noise_spans(rng, text, *noise_counts(text, density, mean), random_roll).listed()
    edges = np.zeros(text[0] + 1, dtype=bool)
    edges[spans[:, 1:]] = True
    return np.logical_xor.accumulate(edges)[:length]


def span_corruption(
    ids: Ids,
    rng: np.random.Generator,
    *,
    vocab_size: int,
    start_id: int,
    noise_density: float = 0.15,
    mean_span_length: float = 3.0,
    random_roll: bool = False,
    special_ids: Collection[int] = (),
    pad_id: int | None = None,
) -> Batch:
    """Write the hidden spans, each behind the sentinel that stands for it in the source.

    Spans are drawn as in :func:`span_mask`, for each row by its own length, 2 or more;
    `special_ids` open or close a row and are never hidden. `pad_id` is also needed for two rows or
    more with `random_roll`, which can cut a span in two. Encoder-decoder; every position counts.
    Source: Raffel et al. 2020 (T5), sections 3.1.4 and 3.3.4, with the final sentinel of figure 2.
    """
    rng, ids = checks.generator(rng), arguments.checked_ids(ids, vocab_size)
    start_id, pad_id = _checked_markers(ids, vocab_size, start_id, pad_id)
    special = arguments.checked_special_ids(special_ids, ids, vocab_size)
    density, mean = _checked_noise(noise_density, mean_span_length)
    random_roll = checks.boolean(random_roll, "random_roll")
    first, last, lengths = arguments.checked_texts(ids, pad_id, special, least=2)
    noise, counts = noise_counts(last - first, density, mean)
    cuts = random_roll & (noise > counts)  # a span of two tokens or more can be cut in two
    arguments.check_padding(pad_id, len(ids) > 1 and cuts.any(), "random_roll=True")
    named = {"start_id": start_id, "pad_id": pad_id}
    named[WORDS("name.special_id")] = max(special, default=None)
    arguments.check_no_sentinel_in(ids, (counts + cuts).max(), vocab_size, **named)
    spans = _noise_spans(rng, last - first, noise, counts, random_roll)
    spans = Spans(spans.starts + first[:, None], spans.ends + first[:, None], spans.counts)
    return _batch(ids, lengths, spans, vocab_size, start_id, pad_id)


def hide_spans(
    ids: Ids,
    spans: NDArray[np.integer],
    *,
    vocab_size: int,
    start_id: int,
    pad_id: int | None = None,
) -> Batch:
    """Make the batch of :func:`span_corruption` for `spans` that are given, not drawn.

    They are integers of shape (spans, 3): row, start and end of each, row by row from left to
    right. Spans of a row do not touch; a row may have none.
    """
    ids = arguments.checked_ids(ids, vocab_size)
    start_id, pad_id = _checked_markers(ids, vocab_size, start_id, pad_id)
    lengths = arguments.checked_lengths(ids, pad_id, least=1)
    spans = arguments.checked_spans(spans, lengths)
    row, start, end = spans.T
    counts = np.bincount(row, minlength=len(ids))
    most = counts.max()
    arguments.check_no_sentinel_in(ids, most, vocab_size, start_id=start_id, pad_id=pad_id)
    starts, ends = np.zeros((2, len(ids), most), dtype=np.intp)
    column = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    starts[row, column], ends[row, column] = start, end
    return _batch(ids, lengths, _filled_up(starts, ends, counts), vocab_size, start_id, pad_id)


def ul2(
    ids: Ids,
    spans: NDArray[np.integer],
    denoisers: Sequence[str],
    *,
    vocab_size: int,
    start_id: int,
    mode_ids: Mapping[str, int],
    pad_id: int | None = None,
) -> Batch:
    """Practise one of three kinds of denoising in each row, named by a mode token in front.

    All three hide spans behind sentinels, as in the paper's ``SpanCorrupt``: R (regular) and X
    (extreme: long or many spans) anywhere, S (sequential) the end of the text, in one span. The
    kinds of the rows are `denoisers`, their tokens `mode_ids`; all else is as in
    :func:`hide_spans`. Source: Tay et al. 2023, "UL2: Unifying Language Learning Paradigms",
    section 3.1.
    """
    hidden = hide_spans(ids, spans, vocab_size=vocab_size, start_id=start_id, pad_id=pad_id)
    wanted = WORDS("wanted.mode_ids")
    if set(checks.instance(mode_ids, "mode_ids", Mapping, wanted)) != {*MODE}:
        raise ValueError(WORDS("mode_ids", value=checks.shown(mode_ids), wanted=wanted))
    named = {f"mode_ids[{mode!r}]": mode_ids[mode] for mode in MODE}
    arguments.check_markers(ids, pad_id, vocab_size, **named)
    spans, lengths = hidden.choices["spans"], arguments.checked_lengths(ids, pad_id, least=1)
    row, _, end = spans.T
    counts = np.bincount(row, minlength=len(ids))
    arguments.check_no_sentinel_in(ids, counts.max(), vocab_size, **named)
    modes = checks.members(denoisers, "denoisers", WORDS("wanted.denoisers"))
    if len(modes) != len(ids):
        raise ValueError(WORDS("denoisers", given=len(modes), rows=len(ids)))
    modes = np.array([checks.one_of(mode, f"denoisers[{n}]", MODE) for n, mode in enumerate(modes)])
    to_the_end = np.bincount(row[end == lengths[row]], minlength=len(ids)) == 1
    wrong = np.flatnonzero((modes == "S") & ~(to_the_end & (counts == 1)))
    if len(wrong):
        raise ValueError(WORDS("not_to_the_end", row=wrong[0]))
    in_front = np.array([mode_ids[mode] for mode in modes.tolist()], dtype=ids.dtype)
    source_real = np.column_stack([np.ones(len(ids), dtype=bool), hidden.source_real])
    return replace(
        hidden,
        objective="ul2",
        source=np.column_stack([in_front, hidden.source]),
        attention=("encoder_decoder", source_real),
        choices={"denoiser": modes, "spans": spans, "bare_end": np.zeros(len(ids), dtype=bool)},
    )


def _batch(
    ids: Ids, lengths: Lengths, spans: Spans, vocab_size: int, start_id: int, pad_id: int | None
) -> Batch:
    # Empty entries stand where the final sentinel does, and write the same.
    numbers = np.minimum(np.arange(spans.starts.shape[1] + 1), spans.counts[:, None])
    sentinels = vocab_size - 1 - numbers
    targets = _behind_sentinels(ids, spans, sentinels, pad_id)
    source = _with_spans_replaced(ids, lengths, spans, sentinels[:, :-1], pad_id)
    choices = {"spans": spans.listed()}
    return encoder_decoder("span_corruption", source, targets, start_id, pad_id, **choices)


def _behind_sentinels(ids: Ids, spans: Spans, sentinels: Ids, pad_id: int | None) -> Padded:
    """Write each span as one run with its sentinel in front.

    One run more for each row holds the final sentinel and padding.
    """
    none = np.zeros_like(spans.counts)
    starts = np.column_stack([spans.starts - 1, none])
    lengths = np.column_stack([spans.ends - spans.starts + spans.used, none])
    new_lengths = spans.hidden + spans.counts + 1
    targets, run_ends = laid_out(ids, starts, lengths, new_lengths, pad_id)
    targets[0].reshape(-1)[run_ends - lengths] = sentinels
    return targets


def _with_spans_replaced(
    ids: Ids, lengths: Lengths, spans: Spans, sentinels: Ids, pad_id: int | None
) -> Padded:
    """Put one sentinel in the place of each span.

    Each span has one run: the kept tokens before it and one more, the slot of its sentinel.
    One run more for each row holds the kept tokens behind its last span, and padding.
    """
    none = np.zeros_like(spans.counts)
    starts = np.column_stack([none, spans.ends])
    run_lengths = np.column_stack([spans.starts - starts[:, :-1] + spans.used, none])
    new_lengths = lengths - spans.hidden + spans.counts
    source, run_ends = laid_out(ids, starts, run_lengths, new_lengths, pad_id)
    source[0].reshape(-1)[run_ends[:, :-1][spans.used] - 1] = sentinels[spans.used]
    return source


def _noise_spans(
    rng: np.random.Generator, lengths: Lengths, noise: Lengths, counts: Lengths, random_roll: bool
) -> Spans:
    """Draw the given number of spans with `noise` tokens in all, for each row."""
    kept = compositions(rng, lengths - noise, counts)
    hidden = compositions(rng, noise, counts)
    ends = np.cumsum(kept + hidden, axis=1)
    spans = Spans(ends - hidden, ends, counts)
    return _rolled(spans, lengths, rng.integers(0, lengths)) if random_roll else spans


def noise_counts(lengths: Lengths, density: float, mean: float) -> tuple[Lengths, Lengths]:
    """Return how many tokens are hidden, and in how many spans, in texts of 2 or more tokens."""
    noise = np.clip(np.rint(lengths * density).astype(np.intp), 1, lengths - 1)
    spans = np.clip(np.rint(noise / mean).astype(np.intp), 1, np.minimum(noise, lengths - noise))
    return noise, spans


def _rolled(spans: Spans, lengths: Lengths, offsets: Lengths) -> Spans:
    """Move spans to the right; what leaves a row at its end comes back at its start."""
    ends_of_rows = lengths[:, None]
    starts = (spans.starts + offsets[:, None]) % ends_of_rows
    ends = starts + spans.ends - spans.starts
    over = np.where(spans.used, ends - ends_of_rows, 0).max(axis=1).clip(0)
    # What comes back is one span more, in front of all others.
    starts = np.column_stack([np.zeros_like(over), starts])
    ends = np.column_stack([over, np.minimum(ends, ends_of_rows)])
    used = np.column_stack([over > 0, spans.used])
    order = np.argsort(np.where(used, starts, ends_of_rows), axis=1, kind="stable")
    starts, ends = (np.take_along_axis(edges, order, axis=1) for edges in (starts, ends))
    return _filled_up(starts, ends, used.sum(axis=1))


def _checked_noise(noise_density: float, mean_span_length: float) -> tuple[float, float]:
    density = checks.number(noise_density, "noise_density", 0, 1, above=True, below=True)
    return density, checks.number(mean_span_length, "mean_span_length", 1)


def _checked_markers(
    ids: Ids, vocab_size: int, start_id: int, pad_id: int | None
) -> tuple[int, int | None]:
    start_id = arguments.checked_id(start_id, "start_id", ids, vocab_size)
    arguments.checked_id(vocab_size - 1, WORDS("name.first_sentinel"), ids)
    return start_id, arguments.checked_pad_id(pad_id, ids, vocab_size)
