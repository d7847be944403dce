"""The objectives of `lessonlib.samples.pictures` for many pictures with captions at once.

`ids` (rows, length) are the captions, padded at the end of a row; `patches` (rows, patches, numbers
in a patch) are the pictures as floats, in the same order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.attention import Mask
from lessonlib.batches import arguments
from lessonlib.batches.batch import Batch
from lessonlib.batches.layout import WORDS, Ids, Lengths, real_until
from lessonlib.samples import MASK
from lessonlib.samples.pictures import patch

Patches = NDArray[np.floating]
EVERYWHERE = ("bidirectional",)


@dataclass(frozen=True, eq=False)
class PictureBatch(Batch):
    """Practice questions made out of pictures with captions.

    The fields of :class:`lessonlib.batches.Batch` are about what stands behind the patches: one
    start token (two in contrastive alignment) and the words.
    """

    patches: Patches = field(kw_only=True)  # (rows, patches, numbers in a patch)
    hidden: Mask = field(kw_only=True)  # which patches must be painted, (rows, patches)

    @property
    def seen(self) -> Patches:
        """The patches as a model reads them, (rows, patches, numbers in a patch + 1).

        The last number is 1 where a patch is hidden, and all others are 0 then; white is all 0.
        """
        flagged = np.concatenate([self.patches, self.hidden[..., None]], axis=2)
        flagged[self.hidden, :-1] = 0
        return flagged.astype(self.patches.dtype, copy=False)

    def decisions(self, row: int) -> dict[str, Any]:  # noqa: D102 (as for texts)
        drawn = super().decisions(row)
        if self.objective == "masked_multimodal":
            drawn["words"] = (np.flatnonzero(self.loss_mask[row]) - 1).tolist()
            drawn["hidden"] = np.flatnonzero(self.hidden[row]).tolist()
        return drawn

    @property
    def _readable(self) -> Mask:
        return np.concatenate([np.ones_like(self.hidden), self.real], axis=1)

    def _questions(self, row: int, word: Callable[[int], Any]) -> tuple[list, list, list[bool]]:
        inputs, targets, counts = super()._questions(row, word)
        hidden = self.hidden[row].tolist()
        picture = [patch(k) for k in range(len(hidden))]
        shown = [MASK if h else p for h, p in zip(hidden, picture, strict=True)]
        if self.objective == "captioning":  # a decoder says what comes next, in the picture too
            picture = [*picture[1:], inputs[0]]
        if self.objective == "contrastive":
            targets[:2] = f"caption {row}", f"picture {row}"
        return [*shown, *inputs], [*picture, *targets], [*hidden, *counts]


def contrastive(
    ids: Ids, patches: Patches, *, start_id: int, pad_id: int | None = None
) -> PictureBatch:
    """Find the partner of each picture and each caption among the pairs of the batch.

    A start token stands behind the picture and one before the caption; these two count. Which pair
    is asked for is the number of the row, not an id, so there `targets` repeats `inputs`. Source:
    Radford et al. 2021 (CLIP), section 2.3.
    """
    lengths = _checked_lengths(ids, patches, pad_id)
    arguments.checked_id(start_id, "start_id", ids)
    inputs = _behind(start_id, _behind(start_id, ids))
    asked = np.broadcast_to(np.arange(inputs.shape[1]) < 2, inputs.shape)
    apart = ("apart", np.full(len(ids), patches.shape[1] + 1))
    pair = np.arange(len(ids))
    return _batch("contrastive", apart, inputs, inputs, asked, lengths + 2, patches, pair=pair)


def captioning(
    ids: Ids, patches: Patches, *, start_id: int, end_id: int, pad_id: int | None = None
) -> PictureBatch:
    """Write each caption and an end token, having seen the whole picture.

    Every word and the end token count. Source: Wang et al. 2022 (SimVLM), section 3.2.
    """
    lengths = _checked_lengths(ids, patches, pad_id)
    arguments.check_markers(ids, pad_id, start_id=start_id, end_id=end_id)
    inputs = _behind(start_id, ids)
    targets = np.concatenate([ids, inputs[:, -1:]], axis=1)  # the last is padding, or else the end
    targets[np.arange(len(ids)), lengths] = end_id
    asked = real_until(lengths + 1, inputs.shape[1])
    prefix = ("prefix", np.full(len(ids), patches.shape[1]))
    return _batch("captioning", prefix, inputs, targets, asked, lengths + 1, patches)


def masked_multimodal(
    ids: Ids,
    patches: Patches,
    rng: np.random.Generator,
    *,
    mask_id: int,
    start_id: int,
    pad_id: int | None = None,
    word_rate: float = 0.3,
    mask_ratio: float = 0.5,
) -> PictureBatch:
    """Say hidden words and paint hidden patches.

    Each word is hidden independently with probability `word_rate`; unless that is 0, a row in which
    none was gets one, drawn uniformly. A share `mask_ratio` of the patches is hidden, see
    :func:`mask_patches`. The hidden words and patches count. Source: Li et al. 2019 (VisualBERT),
    section 3.3; He et al. 2022, "Masked Autoencoders", section 3.
    """
    rng = checks.generator(rng)
    lengths = _checked_lengths(ids, patches, pad_id)
    arguments.check_markers(ids, pad_id, mask_id=mask_id, start_id=start_id)
    word_rate = checks.number(word_rate, "word_rate", 0, 1)
    lots = rng.random(ids.shape)
    lots[~real_until(lengths, ids.shape[1])] = 2
    chosen = lots < word_rate
    if word_rate:
        chosen |= lots == lots.min(axis=1, keepdims=True)
    _, _, removed = mask_patches(rng.random(patches.shape[:2]), mask_ratio)
    if not word_rate and not removed.any():
        raise ValueError(WORDS("nothing_hidden", ratio=f"{mask_ratio:g}"))
    targets = _behind(start_id, ids)
    asked = np.pad(chosen, ((0, 0), (1, 0)))
    inputs = np.where(asked, mask_id, targets)
    return _batch(
        "masked_multimodal", EVERYWHERE, inputs, targets, asked, lengths + 1, patches, removed
    )


def image_text_matching(
    ids: Ids,
    patches: Patches,
    rng: np.random.Generator,
    *,
    start_id: int,
    yes_id: int,
    no_id: int,
    pad_id: int | None = None,
) -> PictureBatch:
    """Say whether a caption belongs to a picture; every second row gets the caption of another.

    Takes 2 rows or more. The start token of each row counts. ``choices["matches"]`` says whose
    caption is its own. Source: Li et al. 2021 (ALBEF), section 3.2, with partners drawn uniformly.
    """
    rng = checks.generator(rng)
    lengths = _checked_lengths(ids, patches, pad_id)
    if len(ids) < 2:
        raise ValueError(WORDS("one_row"))
    arguments.check_markers(ids, pad_id, start_id=start_id, yes_id=yes_id, no_id=no_id)
    order = rng.permutation(len(ids))
    stranger = np.arange(len(ids))
    swapped = order[: max(len(ids) // 2, 2)]
    stranger[swapped] = np.roll(swapped, 1)
    matches = stranger == np.arange(len(ids))
    inputs = _behind(start_id, ids[stranger])
    targets = inputs.copy()
    targets[:, 0] = np.where(matches, yes_id, no_id)
    asked = np.broadcast_to(np.arange(inputs.shape[1]) < 1, inputs.shape)
    lengths = lengths[stranger] + 1
    return _batch(
        "image_text_matching", EVERYWHERE, inputs, targets, asked, lengths, patches, matches=matches
    )


def mask_patches(
    noise: NDArray[np.floating], mask_ratio: float = 0.75
) -> tuple[NDArray[np.intp], NDArray[np.intp], Mask]:
    """Keep the patches with the smallest noise, and remove the others.

    `noise` is random numbers (rows, patches), `mask_ratio` the share that is removed, below 1.
    Return which patches are kept, in the order of their noise, int(patches * (1 - mask_ratio)) of
    each row; where each patch stands among the kept ones followed by the removed ones; and whether
    it is removed. Source: He et al. 2022, "Masked Autoencoders", section 3: ``random_masking`` of
    the published code.
    """
    noise = checks.floats(noise, "noise", ("rows", "patches"))
    ratio = checks.number(mask_ratio, "mask_ratio", 0, 1, below=True)
    count = int(noise.shape[1] * (1 - ratio))
    if not count:
        raise ValueError(WORDS("nothing_kept", ratio=f"{ratio:g}", patches=noise.shape[1]))
    shuffled = np.argsort(noise, axis=1, kind="stable")
    restore = np.argsort(shuffled, axis=1)
    return shuffled[:, :count], restore, restore >= count


def _batch(
    objective: str,
    attention: tuple,
    inputs: Ids,
    targets: Ids,
    asked: Mask,
    lengths: Lengths,
    patches: Patches,
    hidden: Mask | None = None,
    **choices: NDArray,
) -> PictureBatch:
    real = real_until(lengths, inputs.shape[1])
    rows, size, _ = patches.shape
    hidden = np.zeros((rows, size), dtype=bool) if hidden is None else hidden
    choices = {"patches": np.full(rows, size), **choices}
    fields = (objective, None, inputs, targets, asked, attention, real, choices)
    return PictureBatch(*fields, patches=patches, hidden=hidden)


def _behind(start_id: int, ids: Ids) -> Ids:
    return np.pad(ids, ((0, 0), (1, 0)), constant_values=start_id)


def _checked_lengths(ids: Any, patches: Any, pad_id: int | None) -> Lengths:
    pad_id = arguments.checked_pad_id(pad_id, arguments.checked_ids(ids))
    lengths = arguments.checked_lengths(ids, pad_id, least=1)
    checks.floats(patches, "patches", ("rows", "patches", WORDS("name.numbers_in_a_patch")))
    if len(patches) != len(ids):
        raise ValueError(WORDS("patches_rows", patches=len(patches), ids=len(ids)))
    return lengths
