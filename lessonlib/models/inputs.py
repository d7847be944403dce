"""What a model is given to read, and what it refuses: nothing here is needed to understand it."""

import numpy as np
from numpy.typing import ArrayLike

from lessonlib import checks
from lessonlib.attention import EncoderDecoderMask
from lessonlib.batches import Batch
from lessonlib.models.config import WORDS, Config
from lessonlib.models.layers import Array, Flags, Ids
from lessonlib.words import listed

AttentionMask = Flags | EncoderDecoderMask


def float_type(dtype: type[np.floating]) -> type[np.floating]:
    """Return `dtype` after checking that a model can have it."""
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(WORDS("dtype", dtype=np.dtype(dtype)))
    return dtype


def checked_masks(
    config: Config,
    inputs: Ids,
    attention_mask: AttentionMask,
    asked: Flags | None,
    source: Ids | None,
    patches: Array | None,
) -> AttentionMask:
    """Check what is read; return the mask, or the three masks, as (1 or batch, 1, query, key)."""
    if (source is None) == (len(config.stacks) == 2):
        wrong = "needs_source" if source is None else "no_encoder"
        raise ValueError(WORDS(wrong, architecture=config.architecture))
    kind = np.ndarray if source is None else EncoderDecoderMask
    wanted = WORDS("wanted.mask", architecture=config.architecture)
    checks.instance(attention_mask, "attention_mask", kind, wanted)
    batch, length = _ids(config, inputs, "inputs").shape
    before = 0
    if patches is not None:
        if checks.array(patches, "patches", "f", WORDS("wanted.floats")).ndim != 3:
            raise ValueError(WORDS("patches_dimensions", shape=patches.shape))
        before = patches.shape[1]
        shape_is(patches, [(batch, before, config.patch_size)], "patches")
    read = before + (length if source is None else _ids(config, source, "source").shape[1])
    length = read if source is None else length
    if max(length, read) > config.length:
        raise ValueError(WORDS("too_long", positions=max(length, read), most=config.length))
    if asked is not None:
        flags(asked, [(batch, length)], "asked")
    if source is None:
        return _visible(attention_mask, batch, length, length)
    return EncoderDecoderMask(
        encoder=_visible(attention_mask.encoder, batch, read, read),
        decoder=_visible(attention_mask.decoder, batch, length, length),
        cross=_visible(attention_mask.cross, batch, length, read),
    )


def questions(config: Config, batch: Batch, patches: Array | None) -> tuple[Ids, Flags]:
    """Return the targets asked for, and where they are asked for, patches counted in."""
    shape = np.shape(batch.inputs)
    asked = flags(batch.loss_mask, [shape], "loss_mask")
    shape_is(np.asarray(batch.targets), [shape], "targets")
    targets = known_ids(config, np.asarray(batch.targets)[asked], "targets")
    if not len(targets):
        raise ValueError(WORDS("nothing_asked"))
    if patches is not None and batch.source is None:
        asked = np.pad(asked, [(0, 0), (patches.shape[1], 0)])
    return targets, asked


def needed(asked: Flags, mask: Flags, layers: int, before_them: bool = False) -> Flags:
    """Say which positions must be read: those asked, and all that they depend on, (batch, length).

    `before_them`: also all that stands before, since what is written behind may look there.
    """
    if before_them:
        asked = np.logical_or.accumulate(asked[:, ::-1], axis=1)[:, ::-1]
    for _ in range(layers if not asked.all() else 0):
        asked = asked | (mask & asked[:, None, :, None]).any(axis=(1, 2))
    return asked


def known_ids(config: Config, ids: Ids, name: str) -> Ids:
    """Return ids after checking that the model has a row of its table for each."""
    if ids.dtype.kind not in "iu":
        raise TypeError(WORDS("no_integers", name=name, dtype=ids.dtype))
    if ids.size and not (ids.min() >= 0 and ids.max() < config.vocab_size):
        bounds = {"least": ids.min(), "most": ids.max(), "known": f"0..{config.vocab_size - 1}"}
        raise ValueError(WORDS("unknown_ids", name=name, **bounds))
    return ids


def flags(values: ArrayLike, shapes: list[tuple[int, ...]], name: str) -> Flags:
    """Return an array of True and False after checking that it is one, of one of the shapes."""
    values = np.asarray(values)
    if values.dtype != bool:
        raise TypeError(WORDS("no_flags", name=name, dtype=values.dtype))
    return shape_is(values, shapes, name)


def shape_is(array: np.ndarray, allowed: list[tuple[int, ...]], name: str) -> np.ndarray:
    """Return an array after checking that it has one of the shapes."""
    if array.shape not in allowed:
        shapes = listed(map(str, allowed), "or")
        raise ValueError(WORDS("wrong_shape", name=name, shape=array.shape, allowed=shapes))
    return array


def _ids(config: Config, ids: ArrayLike, name: str) -> Ids:
    ids = np.asarray(ids)
    if ids.ndim != 2:
        raise ValueError(WORDS("not_rows", name=name, shape=ids.shape))
    return known_ids(config, ids, name)


def _visible(mask: ArrayLike, batch: int, queries: int, keys: int) -> Flags:
    mask = flags(mask, [(queries, keys), (batch, queries, keys)], "attention_mask")
    return mask.reshape(-1, 1, queries, keys)
