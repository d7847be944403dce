"""Samples and batches as the arrays that models of transformers are called with.

Three things differ from the course's own form. A position without a question has the label -100,
instead of a False in the loss mask. A decoder-only model shifts the labels itself, so that it is
given the whole text twice, as what it reads and as its labels. And who may look at whom is the
model's own business: a mask only says what is padding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import attention, checks
from lessonlib.attention import Mask
from lessonlib.batches import Batch
from lessonlib.samples import Sample, is_special
from lessonlib.words import Words, listed

WORDS = Words("bridges")
IGNORED = -100  # the label that PyTorch's cross-entropy leaves out

Arrays = dict[str, NDArray]
Questions = Batch | Sample | Sequence[Sample]

# Whose spans are written behind sentinels, the last of which says that all is told.
CLOSED_BY_A_SENTINEL = ("span_corruption", "ul2")
# Positions of part B are numbered twice, or a position has several heads and so several labels:
# no class of transformers does that by itself.
WITHOUT_A_FORM = ("glm", "multi_token")


@dataclass(frozen=True)
class _Rows:
    """Padded arrays, named as the fields of a batch."""

    inputs: NDArray
    targets: NDArray
    asked: Mask
    real: Mask
    pattern: str
    # what `attention.masks` takes where a class does not know by itself who may look at whom: how
    # much of a row is a prefix, or which document each position belongs to
    given: NDArray | None = None
    source: NDArray | None = None
    source_real: Mask | None = None
    closed: Mask | None = None  # which rows end in a final sentinel


def to_transformers(
    questions: Questions,
    ids: Callable[[Any], int] | None = None,
    *,
    pad_id: int | None = None,
    end_id: int | None = None,
) -> Arrays:
    """Return the arguments with which a model of transformers is asked these questions.

    They are arrays of int64 by name, (rows, length). All have ``input_ids``, ``attention_mask`` (1
    where a row holds tokens) and ``labels`` (-100 where nothing is asked), and those of an
    encoder-decoder ``decoder_input_ids``. A decoder-only model reads one token more than in the
    course, since it shifts the labels itself; a prefix that is read in both directions, and texts
    that share a window apart, take an ``attention_mask`` of booleans, (rows, 1, query, key).

    Parameters
    ----------
    questions : Batch, Sample or several samples of one objective
    ids : callable, optional
        From a token of a sample to its id; a batch holds ids already.
    pad_id : int, optional
        What fills up shorter rows.
    end_id : int, optional
        The token that closes source and targets of an encoder-decoder; it takes the place of a
        final sentinel. T5's published collator writes one.

    Raises
    ------
    TypeError, ValueError
        If an objective has no standard form there, or something is missing that is needed.
    """
    rows = _rows_of(questions, ids, pad_id)
    if rows.source is not None:
        return _encoder_decoder(rows, pad_id, end_id)
    return _encoder_only(rows) if rows.pattern == "bidirectional" else _decoder_only(rows)


def _encoder_only(rows: _Rows) -> Arrays:
    return _named(input_ids=rows.inputs, attention_mask=rows.real, labels=_labels(rows))


def _decoder_only(rows: _Rows) -> Arrays:
    """Undo the shift, since the model shifts the labels itself: it drops the first label."""
    first = rows.inputs[:, :1]
    # Nobody is asked for the first token; like the library's collator, copy it where all counts.
    first_label = np.where(rows.asked[:, :1], first, IGNORED)
    input_ids = np.hstack([first, rows.targets])
    real = np.hstack([np.ones((len(first), 1), bool), rows.real])
    labels = np.hstack([first_label, _labels(rows)])
    arrays = _named(input_ids=input_ids, attention_mask=real, labels=labels)
    if rows.given is not None:
        arrays["attention_mask"] = attention.masks(rows.pattern, real, rows.given)[:, None].copy()
    return arrays


def _encoder_decoder(rows: _Rows, pad_id: int | None, end_id: int | None) -> Arrays:
    source, source_real, targets, asked = rows.source, rows.source_real, rows.targets, rows.asked
    if end_id is not None:
        source, source_real = _ended(source, source_real.sum(axis=1), end_id, pad_id)
        # The end comes in the place of a final sentinel, or else behind the last token.
        targets, asked = _ended(targets, rows.real.sum(axis=1) - rows.closed, end_id, pad_id)
    return _named(
        input_ids=source,
        attention_mask=source_real,
        labels=np.where(asked, targets, IGNORED),
        # As the library's own shift: the place behind the end reads the last token.
        decoder_input_ids=np.hstack([rows.inputs[:, :1], targets[:, :-1]]),
    )


def _ended(rows: NDArray, ends: NDArray, end_id: int, pad_id: int | None) -> tuple[NDArray, Mask]:
    """Write the end of each row at its place, in a column more if need be."""
    real = np.arange(ends.max() + 1) <= ends[:, None]
    _check_padding(real, pad_id)
    ended = np.full(real.shape, end_id)
    kept = min(real.shape[1], rows.shape[1])
    ended[:, :kept] = rows[:, :kept]
    ended[np.arange(len(rows)), ends] = end_id
    return np.where(real, ended, end_id if pad_id is None else pad_id), real


def _labels(rows: _Rows) -> NDArray:
    return np.where(rows.asked, rows.targets, IGNORED)


def _named(**arrays: NDArray) -> Arrays:
    return {name: array.astype(np.int64) for name, array in arrays.items()}


def _rows_of(questions: Questions, ids: Any, pad_id: int | None) -> _Rows:
    if isinstance(questions, Batch):
        return _of_a_batch(questions)
    samples = [questions] if isinstance(questions, Sample) else questions
    wanted = WORDS("wanted.questions")
    samples = checks.members(samples, "questions", wanted)
    for sample in samples:
        checks.instance(sample, "questions", Sample, wanted)
    names = sorted({sample.objective for sample in samples})
    if len({(sample.objective, sample.attention[0]) for sample in samples}) != 1:
        raise ValueError(WORDS("mixed", names=", ".join(names)) if names else WORDS("none"))
    if ids is None:
        raise TypeError(WORDS("no_ids"))
    return _of_samples(samples, checks.instance(ids, "ids", Callable, WORDS("wanted.ids")), pad_id)


def _of_a_batch(batch: Batch) -> _Rows:
    pattern = _known(batch.objective, batch.attention[0])
    closed = np.full(len(batch), batch.objective in CLOSED_BY_A_SENTINEL)
    fields = (batch.inputs, batch.targets, batch.loss_mask, batch.real, pattern)
    if pattern == "encoder_decoder":
        return _Rows(*fields, None, batch.source, batch.source_real, closed)
    given = batch.attention[1] if pattern in ("prefix", "documents") else None
    return _Rows(*fields, given if pattern != "documents" else _one_more(given, batch.real))


def _of_samples(samples: list[Sample], ids: Callable, pad_id: int | None) -> _Rows:
    pattern = _known(samples[0].objective, samples[0].attention[0])

    def padded(rows: list[list], fill: int | None) -> tuple[NDArray, Mask]:
        lengths = np.array([len(row) for row in rows])
        real = np.arange(lengths.max()) < lengths[:, None]
        _check_padding(real, fill)
        array = np.full(real.shape, 0 if fill is None else fill)
        array[real] = [token for row in rows for token in row]
        return array, real

    def encoded(tokens: Sequence) -> list[int]:
        # Whether a token was replaced is True or False, and no token.
        return [int(token) if isinstance(token, bool) else ids(token) for token in tokens]

    inputs, real = padded([encoded(sample.inputs) for sample in samples], pad_id)
    targets, _ = padded([encoded(sample.targets) for sample in samples], pad_id)
    asked, _ = padded([sample.loss_mask for sample in samples], 0)
    rows = _Rows(inputs, targets, asked.astype(bool), real, pattern)
    if pattern == "prefix":
        return replace(rows, given=np.array([sample.attention[2] for sample in samples]))
    if pattern == "documents":
        owners, _ = padded([_owners(*sample.attention[1:]) for sample in samples], 0)
        return replace(rows, given=_one_more(owners, real))
    if pattern != "encoder_decoder":
        return rows
    source, source_real = padded([encoded(sample.source) for sample in samples], pad_id)
    closed = [s.objective in CLOSED_BY_A_SENTINEL and is_special(s.targets[-1]) for s in samples]
    more = {"source": source, "source_real": source_real, "closed": np.array(closed)}
    return replace(rows, **more)


def _owners(*lengths: int) -> list[int]:
    return np.repeat(np.arange(len(lengths)), lengths).tolist()


def _one_more(owners: NDArray, real: Mask) -> NDArray:
    """Say of one position more to which document it belongs: to that of the last one."""
    last = np.take_along_axis(owners, real.sum(axis=1, keepdims=True) - 1, axis=1)
    return np.hstack([np.where(real, owners, last), last])


def _known(objective: str, pattern: str) -> str:
    known = ("causal", "prefix", "documents", "bidirectional", "encoder_decoder")
    if pattern not in known or objective in WITHOUT_A_FORM:
        said = listed([WORDS(f"patterns.{name}") for name in known])
        raise ValueError(WORDS("no_form", objective=objective, known=said))
    return pattern


def _check_padding(real: Mask, pad_id: int | None) -> None:
    lengths = real.sum(axis=1)
    if pad_id is None and lengths.min() < lengths.max():
        bounds = {"shortest": lengths.min(), "longest": lengths.max()}
        raise ValueError(WORDS("pad_missing", **bounds))
