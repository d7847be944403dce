"""Objectives on a picture with its caption.

A picture is cut into patches, and each patch takes the place of one token. So the samples are of
the same type as those of a text: ``patch 0``, ``patch 1``, ... are what is read, then a start
token, then the words of the caption.

`picture_objectives` is the table of these objectives, like `lessonlib.samples.objectives` for text.
All builders raise TypeError or ValueError if an argument is not of its kind or outside its range.
"""

from collections.abc import Sequence
from dataclasses import replace

from lessonlib import checks
from lessonlib.samples import inverses
from lessonlib.samples.blanks import masked
from lessonlib.samples.registry import DECODER, ENCODER, Objective, row
from lessonlib.samples.sample import Sample, decoder_only, encoder_only
from lessonlib.samples.special import END, START

#: What image-text matching answers.
YES, NO = "yes", "no"


def patch(k: int) -> str:
    """Return the token that stands for the k-th patch of a picture, counted from 0."""
    return f"patch {checks.integer(k, 'k', 0)}"


def contrastive(caption: Sequence[str], patches: int, pair: int = 0) -> Sample:
    """Find the partner of this picture, and of this caption, among the pairs of a batch.

    Picture and caption do not see each other: each is read on its own, and what the model makes of
    each is collected at a start token of its own. There the two questions are asked. One stack; the
    two start tokens count, with ``caption <pair>`` and ``picture <pair>``. Source: Radford et al.
    2021 (CLIP), section 2.3.

    Parameters
    ----------
    caption : sequence of str
        The words of the caption, at least 1.
    patches : int
        Number of patches of the picture, at least 1.
    pair : int
        Number of this pair in its batch, 0 or more.

    Examples
    --------
    >>> sample = contrastive(["a", "cat"], 2, pair=5)
    >>> sample.inputs
    ['patch 0', 'patch 1', '<s>', '<s>', 'a', 'cat']
    >>> sample.targets[2:4]
    ['caption 5', 'picture 5']
    """
    picture, caption = _patches(patches), _caption(caption)
    pair = checks.integer(pair, "pair", 0)
    inputs = [*picture, START, START, *caption]
    targets = [*picture, f"caption {pair}", f"picture {pair}", *caption]
    asked = [len(picture), len(picture) + 1]
    sample = encoder_only("contrastive", inputs, targets, asked)
    return replace(sample, attention=("apart", len(picture) + 1, len(caption) + 1))


def captioning(caption: Sequence[str], patches: int) -> Sample:
    """Write the caption, token by token, having seen the whole picture.

    This is a prefix LM: the patches are the prefix, read in both directions. Decoder-only; the
    caption and the end token behind it count. Source: Wang et al. 2022 (SimVLM), section 3.2.

    Parameters
    ----------
    caption, patches
        As in :func:`contrastive`.

    Examples
    --------
    >>> sample = captioning(["a", "cat"], 2)
    >>> sample.inputs
    ['patch 0', 'patch 1', '<s>', 'a', 'cat']
    >>> sample.targets
    ['patch 1', '<s>', 'a', 'cat', '</s>']
    """
    picture, caption = _patches(patches), _caption(caption)
    size = len(picture)
    return decoder_only("captioning", [*picture, START, *caption, END], loss_from=size, prefix=size)


def masked_multimodal(
    caption: Sequence[str], patches: int, words: Sequence[int], hidden: Sequence[int]
) -> Sample:
    """Say the hidden words and paint the hidden patches, having seen all the rest of both.

    Encoder-only; the hidden words and patches count. Source: Words: Li et al. 2019 (VisualBERT),
    section 3.3. Patches: He et al. 2022, "Masked Autoencoders", section 3, whose encoder does not
    even read the place of a hidden patch; here a mask stands there, as in Xie et al. 2022 (SimMIM),
    section 3.2.

    Parameters
    ----------
    caption, patches
        As in :func:`contrastive`.
    words : sequence of int
        Which words are hidden, each 0..len(caption)-1 and at most once; none is allowed.
    hidden : sequence of int
        Which patches are hidden, each 0..patches-1 and at most once; none is allowed.

    Examples
    --------
    >>> masked_multimodal(["a", "cat"], 3, words=[1], hidden=[0, 2]).inputs
    ['[MASK]', 'patch 1', '[MASK]', '<s>', 'a', '[MASK]']
    """
    picture, caption = _patches(patches), _caption(caption)
    words = checks.positions(words, len(caption), "words")
    hidden = checks.positions(hidden, len(picture), "hidden")
    behind = len(picture) + 1
    sample = masked([*picture, START, *caption], [*hidden, *(behind + word for word in words)])
    return replace(sample, objective="masked_multimodal")


def image_text_matching(caption: Sequence[str], patches: int, matches: bool) -> Sample:
    """Say whether a caption belongs to a picture, having seen both together.

    Encoder-only; the start token between picture and caption counts, with ``yes`` or ``no``.
    Source: Li et al. 2021 (ALBEF), section 3.2.

    Parameters
    ----------
    caption, patches
        As in :func:`contrastive`; the caption of this picture or of another.
    matches : bool
        Whether the caption is this picture's.

    Examples
    --------
    >>> sample = image_text_matching(["a", "cat"], 2, matches=False)
    >>> sample.inputs, sample.targets[2]
    (['patch 0', 'patch 1', '<s>', 'a', 'cat'], 'no')
    """
    picture, caption = _patches(patches), _caption(caption)
    answer = YES if checks.boolean(matches, "matches") else NO
    inputs, targets = [*picture, START, *caption], [*picture, answer, *caption]
    return encoder_only("image_text_matching", inputs, targets, [len(picture)])


def _patches(count: int) -> list[str]:
    return [patch(k) for k in range(checks.integer(count, "patches", 1))]


def _caption(words: Sequence[str]) -> list[str]:
    return checks.tokens(words, 1, "caption")


def _apart(sample: Sample) -> list[str]:
    return inverses.without(sample.inputs, START, times=2)


def _together(sample: Sample) -> list[str]:
    return inverses.without(sample.inputs, START)


def _written(sample: Sample) -> list[str]:
    return inverses.without(inverses.without(inverses.next_tokens(sample), START), END)


def _filled_in(sample: Sample) -> list[str]:
    return inverses.without(inverses.blanks(sample), START)


_CAPTION = ["a", "red", "square", "above", "a", "blue", "circle"]

#: The caption by which every row shows its objective.
CAPTION = " ".join(_CAPTION)

_SEEN = {"text": _CAPTION, "patches": 4}

_ROWS = (
    row(contrastive, _apart, ENCODER, **_SEEN, pair=0),
    row(captioning, _written, DECODER, **_SEEN),
    row(masked_multimodal, _filled_in, ENCODER, **_SEEN, words=[1, 6], hidden=[2]),
    row(image_text_matching, _together, ENCODER, **_SEEN, matches=True),
)

#: The objectives on pictures with captions, by name.
picture_objectives: dict[str, Objective] = {row.name: row for row in _ROWS}
