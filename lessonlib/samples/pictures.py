"""Objectives on a picture with its caption.

A picture is cut into patches, and each patch takes the place of one token. So the samples are of
the same type as those of a text: ``patch 0``, ``patch 1``, ... are what is read, then a start
token, then the words of the caption. Each has 1 `caption` word and 1 of the `patches` at least.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from lessonlib import checks
from lessonlib.samples.blanks import masked
from lessonlib.samples.inverses import blanks, next_tokens, without
from lessonlib.samples.registry import DECODER, ENCODER, by_name, row
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
    each is collected at a start token of its own. These two count, with ``caption <pair>`` and
    ``picture <pair>``; `pair` is the number in the batch. One stack. Source: Radford et al. 2021
    (CLIP), section 2.3.

    >>> sample = contrastive(["a", "cat"], 2, pair=5)
    >>> sample.inputs
    ['patch 0', 'patch 1', '<s>', '<s>', 'a', 'cat']
    >>> sample.targets[2:4]
    ['caption 5', 'picture 5']
    """
    picture, caption = _checked(patches, caption)
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

    >>> sample = captioning(["a", "cat"], 2)
    >>> sample.inputs
    ['patch 0', 'patch 1', '<s>', 'a', 'cat']
    >>> sample.targets
    ['patch 1', '<s>', 'a', 'cat', '</s>']
    """
    picture, caption = _checked(patches, caption)
    size = len(picture)
    return decoder_only("captioning", [*picture, START, *caption, END], loss_from=size, prefix=size)


def masked_multimodal(
    caption: Sequence[str], patches: int, words: Sequence[int], hidden: Sequence[int]
) -> Sample:
    """Say the hidden words and paint the hidden patches, having seen all the rest of both.

    `words` and `hidden` are positions in the caption and in the picture; either may be empty.
    Encoder-only; the hidden words and patches count. Source: Words: Li et al. 2019 (VisualBERT),
    section 3.3. Patches: He et al. 2022, "Masked Autoencoders", section 3, whose encoder does not
    even read the place of a hidden patch; here a mask stands there, as in Xie et al. 2022 (SimMIM),
    section 3.2.

    >>> masked_multimodal(["a", "cat"], 3, words=[1], hidden=[0, 2]).inputs
    ['[MASK]', 'patch 1', '[MASK]', '<s>', 'a', '[MASK]']
    """
    picture, caption = _checked(patches, caption)
    words = checks.positions(words, len(caption), "words")
    hidden = checks.positions(hidden, len(picture), "hidden")
    behind = len(picture) + 1
    sample = masked([*picture, START, *caption], [*hidden, *(behind + word for word in words)])
    return replace(sample, objective="masked_multimodal")


def image_text_matching(caption: Sequence[str], patches: int, matches: bool) -> Sample:
    """Say whether a caption belongs to a picture (`matches`), having seen both together.

    Encoder-only; the start token between picture and caption counts, with ``yes`` or ``no``.
    Source: Li et al. 2021 (ALBEF), section 3.2.

    >>> sample = image_text_matching(["a", "cat"], 2, matches=False)
    >>> sample.inputs, sample.targets[2]
    (['patch 0', 'patch 1', '<s>', 'a', 'cat'], 'no')
    """
    picture, caption = _checked(patches, caption)
    answer = YES if checks.boolean(matches, "matches") else NO
    inputs, targets = [*picture, START, *caption], [*picture, answer, *caption]
    return encoder_only("image_text_matching", inputs, targets, [len(picture)])


def _checked(patches: int, caption: Sequence[str]) -> tuple[list[str], list[str]]:
    picture = [patch(k) for k in range(checks.integer(patches, "patches", 1))]
    return picture, checks.tokens(caption, 1, "caption")


def _pair(
    shown: Callable[[Sample], list[str]], markers: dict[str, int], sample: Sample
) -> list[str]:
    """Take what is shown, without the markers that were put in so many times."""
    tokens = shown(sample)
    for marker, times in markers.items():
        tokens = without(tokens, marker, times)
    return tokens


_CAPTION = ["a", "red", "square", "above", "a", "blue", "circle"]

#: The caption by which every row shows its objective.
CAPTION = " ".join(_CAPTION)

_SEEN = {"text": _CAPTION, "patches": 4}
_HIDDEN = {"words": [1, 6], "hidden": [2]}
_READ = attrgetter("inputs")

#: The objectives on pictures with captions, by name.
picture_objectives = by_name(
    row(contrastive, partial(_pair, _READ, {START: 2}), ENCODER, **_SEEN, pair=0),
    row(captioning, partial(_pair, next_tokens, {START: 1, END: 1}), DECODER, **_SEEN),
    row(masked_multimodal, partial(_pair, blanks, {START: 1}), ENCODER, **_SEEN, **_HIDDEN),
    row(image_text_matching, partial(_pair, _READ, {START: 1}), ENCODER, **_SEEN, matches=True),
)
