"""Objectives of a decoder that continues a text: causal LM, prefix LM, fill in the middle."""

from dataclasses import replace

import numpy as np

from lessonlib import checks
from lessonlib.batches import arguments
from lessonlib.batches.batch import Batch, decoder_only, encoder_decoder
from lessonlib.batches.layout import WORDS, Ids, Lengths, laid_out, padded


def causal(ids: Ids, *, pad_id: int | None = None) -> Batch:
    """Say the next token at every position, having seen only the past.

    Rows have 2 tokens or more. Nothing is copied: `inputs` and `targets` are views of `ids`. Give
    padding an id of its own: where the end-of-text token doubles as padding, no model ever learns
    to stop.
    """
    ids = arguments.checked_ids(ids)
    pad_id = arguments.checked_pad_id(pad_id, ids)
    return decoder_only("causal", ids, arguments.checked_lengths(ids, pad_id, least=2))


def prefix_lm(
    ids: Ids,
    rng: np.random.Generator,
    *,
    pad_id: int | None = None,
    architecture: str = "decoder-only",
    start_id: int | None = None,
) -> Batch:
    """Read a prefix in both directions and write the rest; the prefix is 1..n-1 tokens long.

    One stack does both ("decoder-only"), or an encoder reads and a decoder writes, which needs a
    `start_id`, and a `pad_id` as its rows come out of different lengths. The rest of each row
    counts. ``choices["split"]`` holds the length of each prefix, drawn uniformly. With one stack,
    `inputs` and `targets` are views of `ids`. Source: Raffel et al. 2020 (T5), sections 3.2.1 and
    3.2.3.
    """
    ids, rng = arguments.checked_ids(ids), checks.generator(rng)
    checks.one_of(architecture, "architecture", ("decoder-only", "encoder-decoder"))
    pad_id = arguments.checked_pad_id(pad_id, ids)
    two_stacks = architecture == "encoder-decoder"
    if two_stacks or start_id is not None:
        start_id = arguments.checked_id(start_id, "start_id", ids)
    lengths = arguments.checked_lengths(ids, pad_id, least=2)
    splits_can_differ = two_stacks and len(ids) > 1 and lengths.max() > 2
    arguments.check_padding(pad_id, splits_can_differ, WORDS("name.encoder_decoder"))
    splits = rng.integers(1, lengths)
    if not two_stacks:
        batch = decoder_only("prefix_lm", ids, lengths, split=splits)
        # The first token behind the prefix is the target of the last position inside it.
        behind = np.arange(batch.targets.shape[1]) >= splits[:, None] - 1
        return replace(batch, loss_mask=batch.real & behind, attention=("prefix", splits))
    prefixes = padded(ids[:, : splits.max()].copy(), splits, pad_id)
    rests = lengths - splits
    runs = splits[:, None], np.zeros((len(ids), 1), dtype=np.intp)
    written, _ = laid_out(ids, *runs, rests, pad_id)
    choices = {"split": splits, "architecture": np.full(len(ids), architecture)}
    return encoder_decoder("prefix_lm", prefixes, written, start_id, pad_id, **choices)


def fill_in_middle(
    ids: Ids,
    rng: np.random.Generator,
    *,
    prefix_id: int,
    middle_id: int,
    suffix_id: int,
    start_id: int | None = None,
    end_id: int | None = None,
    rate: float = 0.5,
    spm_rate: float = 0.5,
    pad_id: int | None = None,
) -> Batch:
    """Move the middle of a row to its end, so that writing on means filling in.

    The first ``int(rate * rows)`` rows are rearranged, as one row is as good as another. Two cut
    points, each uniform in 0..n, part a row into prefix, middle and suffix. PSM writes ``PRE prefix
    SUF suffix MID middle``; SPM, drawn with probability `spm_rate`, writes ``PRE SUF suffix MID
    prefix middle``; `end_id` closes the middle. The other rows stay as they are, behind `start_id`;
    without one they need 2 tokens. Decoder-only; every position counts. ``choices`` holds ``order``
    ("psm", "spm", or "none" for a row left as it is, which is a sample of causal LM), the cut
    points ``start <= end`` (both 0 for "none") and ``closed``, whether there is an `end_id`.
    Source: Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the Middle",
    section 3.
    """
    ids, rng = arguments.checked_ids(ids), checks.generator(rng)
    special = {"prefix_id": prefix_id, "middle_id": middle_id, "suffix_id": suffix_id}
    around = {"start_id": start_id, "end_id": end_id}
    special |= {name: value for name, value in around.items() if value is not None}
    arguments.check_markers(ids, pad_id, **special)
    rate = checks.number(rate, "rate", 0, 1)
    spm_rate = checks.number(spm_rate, "spm_rate", 0, 1)
    rows = len(ids)
    count = int(rate * rows)
    least = 2 if count < rows and start_id is None else 1
    lengths = arguments.checked_lengths(ids, pad_id, least)
    arguments.check_padding(pad_id, 0 < count < rows, f"rate={rate:g}")
    moved = np.arange(rows) < count
    kind = moved * (1 + (rng.random(rows) < spm_rate))  # 0 is left as it is, 1 PSM, 2 SPM
    cuts = np.sort(rng.integers(0, lengths + 1, (2, rows)), axis=0) * moved
    sequence, lengths = _rearranged(ids, lengths, cuts, kind, special, pad_id)
    order = np.array(["none", "psm", "spm"])[kind]
    closed = np.full(rows, end_id is not None)
    return decoder_only(
        "fill_in_middle", sequence, lengths, start=cuts[0], end=cuts[1], order=order, closed=closed
    )


def _rearranged(
    ids: Ids, lengths: Lengths, cuts: Ids, kind: Ids, special: dict[str, int], pad_id: int | None
) -> tuple[Ids, Lengths]:
    """Lay out each row as three runs, each with a slot for its special token in front.

    SPM puts the prefix before the middle, as if the first cut were at 0. A row left as it is has
    both cuts at its end, and no slot but that of its start token.
    """
    moved = kind > 0
    end = np.where(moved, cuts[1], lengths)
    cut = np.where(moved, np.where(kind == 2, 0, cuts[0]), lengths)
    slots = np.stack([moved | ("start_id" in special), moved, moved], axis=1).astype(np.intp)
    new_lengths = lengths + slots.sum(axis=1) + (moved & ("end_id" in special))
    starts = np.stack([np.zeros_like(cut), end, cut], axis=1) - slots
    run_lengths = np.stack([cut, lengths - end, end - cut], axis=1) + slots
    (sequence, _), ends = laid_out(ids, starts, run_lengths, new_lengths, pad_id)
    tokens, slots = sequence.reshape(-1), ends - run_lengths
    tokens[slots[moved]] = special["prefix_id"], special["suffix_id"], special["middle_id"]
    if "start_id" in special:
        tokens[slots[~moved, 0]] = special["start_id"]
    if "end_id" in special:
        sequence[moved, new_lengths[moved] - 1] = special["end_id"]
    return sequence, new_lengths
