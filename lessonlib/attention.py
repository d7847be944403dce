"""Who may look at whom: every pattern of attention, with all that the course knows about it.

Each pattern is a function from the sizes of one sample to its mask, and a row of `PATTERNS`, which
knows the rest: the masks of a batch, the architecture, and the words. To add a pattern, write the
function and its row.

Every mask is read ``mask[query, key]``: True means that the query
position may look at the key position. Some libraries use the opposite sign (True = hidden) or add
the mask to the scores (0 = may look, -inf = hidden); turn these masks around before you hand them
over. Sizes that are not of their kind or outside their range raise TypeError or ValueError.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessonlib import checks
from lessonlib.words import Words, listed

WORDS = Words("attention")

Mask = NDArray[np.bool_]


class EncoderDecoderMask(NamedTuple):
    """The three masks of an encoder-decoder, each ``[query, key]``."""

    encoder: Mask  # the encoder looks at its own input, (source, source)
    decoder: Mask  # the decoder looks at its own input, (target, target)
    cross: Mask  # the decoder looks at what the encoder made of the source, (target, source)


AnyMask = Mask | EncoderDecoderMask


def causal(length: int) -> Mask:
    """Every position looks at itself and at what came before it: shape (length, length).

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.3.
    """
    position = np.arange(checks.integer(length, "length", 0))
    return position <= position[:, None]


def bidirectional(length: int) -> Mask:
    """Every position looks at every position: shape (length, length).

    Source: Devlin et al. 2019, "BERT", section 3.
    """
    length = checks.integer(length, "length", 0)
    return np.ones((length, length), dtype=bool)


def prefix(length: int, split: int) -> Mask:
    """Every position looks at the whole prefix, up to `split`; behind it the mask is causal.

    Source: Raffel et al. 2020, "Exploring the Limits of Transfer Learning" (T5), section 3.2.1.
    """
    length = checks.integer(length, "length", 0)
    return _prefix(length, checks.integer(split, "split", 0, length))


def apart(*lengths: int) -> Mask:
    """Texts (or pictures) side by side: every position looks at its own one, and at no other.

    Source: Radford et al. 2021 (CLIP), section 2.4: picture and caption are read apart.
    """
    sizes = [checks.integer(length, "length", 0) for length in lengths]
    return _apart(np.repeat(np.arange(len(sizes)), sizes))


def documents(*lengths: int) -> Mask:
    """Texts one after the other in a window: every position looks back, in its own text alone.

    Source: Zhao et al. 2024, "Analysing The Impact of Sequence Composition on Language Model
    Pre-Training", section 3.
    """
    block = apart(*lengths)
    return block & causal(len(block))


def encoder_decoder(source_length: int, target_length: int) -> EncoderDecoderMask:
    """The encoder looks everywhere; the decoder at its own past and at the whole source.

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.3.
    """
    source_length = checks.integer(source_length, "source_length", 0)
    target_length = checks.integer(target_length, "target_length", 0)
    return EncoderDecoderMask(
        encoder=bidirectional(source_length),
        decoder=causal(target_length),
        cross=np.ones((target_length, source_length), dtype=bool),
    )


def permutation(order: Sequence[int], predicted: Sequence[int] | None = None) -> Mask:
    """Predicted positions look only at what comes before them in a chosen order.

    A position that is not predicted is context: everybody looks at it, and it looks at the other
    context only. A predicted position looks at the context and at the predicted positions that come
    earlier in `order` (of all positions), never at itself, because that would give its answer away.
    All are predicted where nothing else is said. Source: Yang et al. 2019, "XLNet", sections 2.2
    and 2.3. (Its ``perm_mask`` has the opposite sign.)
    """
    order = checks.members(order, "order", checks.WORDS("wanted.integers"))
    n = len(order)
    order = checks.order(order, n)
    predicted = range(n) if predicted is None else checks.positions(predicted, n, "predicted")
    asked = np.zeros(n, dtype=bool)
    asked[list(predicted)] = True
    return _permutation(np.array(order, dtype=int), asked)


def _prefix(length: int, splits: ArrayLike) -> Mask:
    """One split makes one mask; an array of splits as many."""
    return causal(length) | (np.arange(length) < np.asarray(splits)[..., None, None])


def _apart(owners: NDArray) -> Mask:
    return owners[..., :, None] == owners[..., None, :]


def _permutation(order: NDArray[np.integer], predicted: Mask) -> Mask:
    rank = np.argsort(order, axis=-1)
    keys, queries = np.where(predicted, rank, -2), np.where(predicted, rank, -1)
    return keys[..., None, :] < queries[..., :, None]  # all see the context, which has the least


def _everything(keys: Mask, queries: int) -> Mask:
    """So many queries look at all keys of their row that are no padding; takes no memory."""
    rows, width = keys.shape
    return np.broadcast_to(keys[:, None, :], (rows, queries, width))


def _two_stacks(real: Mask, source_real: Mask) -> EncoderDecoderMask:
    return EncoderDecoderMask(
        encoder=_everything(source_real, source_real.shape[1]),
        decoder=causal(real.shape[1]) & real[:, None, :],
        cross=_everything(source_real, real.shape[1]),
    )


def _two_parts(first: int, *others: int) -> dict[str, int]:
    return {"last": first - 1, "first": first, "end": first + sum(others) - 1}


@dataclass(frozen=True)
class Pattern:
    """What the course knows about one way of looking; its sentences are in ``attention.toml``."""

    mask: Callable[..., AnyMask]  # from the sizes of a sample: the function that names the pattern
    masks: Callable[..., AnyMask]  # the same for a batch, see `masks`
    # From the length of a row, and its share of what `masks` takes, to the sizes of `mask`.
    sizes: Callable[..., tuple]
    architecture: str  # the one that looks so, as in :class:`lessonlib.models.Config`
    # From the sizes to what stands in the slots of its words; None if there is nothing to say.
    slots: Callable[..., dict[str, Any] | None] = lambda *sizes: {}

    @property
    def name(self) -> str:
        """Its key in `PATTERNS`."""
        return self.mask.__name__

    @property
    def fits(self) -> str:
        """Why the architecture suits a sample with this pattern, in words."""
        return WORDS(f"{self.name}.fits")

    def words(self, *sizes: Any, steps: bool = False) -> str:
        """Say who sees whom in a sample of such sizes, whose positions may be steps of its own."""
        slots = self.slots(*sizes)
        key = "steps" if steps and "steps" in WORDS.texts[self.name] else "words"
        return "" if slots is None else WORDS(f"{self.name}.{key}", **slots)


#: All patterns by name.
PATTERNS = {
    pattern.name: pattern
    for pattern in (
        Pattern(
            causal,
            masks=lambda real: causal(real.shape[1]) & real[:, None, :],
            sizes=lambda length: (length,),
            architecture="decoder-only",
            slots=lambda size: {"middle": max(size - 1, 0) // 2},
        ),
        Pattern(
            bidirectional,
            masks=lambda real: _everything(real, real.shape[1]),
            sizes=lambda length: (length,),
            architecture="encoder-only",
        ),
        Pattern(
            prefix,
            masks=lambda real, splits: _prefix(real.shape[1], splits) & real[:, None, :],
            sizes=lambda length, split: (length, split),
            architecture="decoder-only",
            slots=lambda size, split: {"last": split - 1, "split": split} if split > 0 else None,
        ),
        Pattern(
            apart,
            masks=lambda real, splits: (
                _apart(np.arange(real.shape[1]) < np.asarray(splits)[:, None]) & real[:, None, :]
            ),
            sizes=lambda length, split: (split, length - split),
            architecture="encoder-only",
            slots=_two_parts,
        ),
        Pattern(
            documents,
            masks=lambda real, owners: (
                _apart(np.asarray(owners)) & causal(real.shape[1]) & real[:, None, :]
            ),
            sizes=lambda length, owners: tuple(len([*run]) for _, run in groupby(owners[:length])),
            architecture="decoder-only",
            slots=lambda *sizes: {"starts": listed(map(str, accumulate(sizes[:-1], initial=0)))},
        ),
        Pattern(
            encoder_decoder,
            masks=_two_stacks,
            sizes=lambda length, source_real: (sum(source_real), length),
            architecture="encoder-decoder",
        ),
        Pattern(
            permutation,
            masks=lambda real, order, predicted: _permutation(order, predicted) & real[:, None, :],
            sizes=lambda length, order, predicted: (
                tuple(order[:length]),
                tuple(position for position, asked in enumerate(predicted) if asked),
            ),
            architecture="decoder-only",
        ),
    )
}


def mask(pattern: str, *sizes: Any) -> AnyMask:
    """Return the mask of one sample, read-only: the sizes are what the function `pattern` takes."""
    return _read_only(PATTERNS[checks.one_of(pattern, "attention", PATTERNS)].mask(*sizes))


def masks(pattern: str, real: Mask, *given: NDArray) -> AnyMask:
    """Return the masks of the rows of a batch, ``[row, query, key]``, read-only.

    `real` (rows, length) is False on padding, at which nobody looks. `given` is what decides the
    pattern, one entry for each row: for "prefix" and "apart" where the first part ends, for
    "documents" which document each position belongs to, for "encoder_decoder" where the source is
    real, for "permutation" the order of all positions and which are predicted (booleans). Nothing
    for the others.
    """
    return _read_only(PATTERNS[checks.one_of(pattern, "attention", PATTERNS)].masks(real, *given))


def _read_only(mask: AnyMask) -> AnyMask:
    for part in mask if isinstance(mask, EncoderDecoderMask) else [mask]:
        part.flags.writeable = False
    return mask
