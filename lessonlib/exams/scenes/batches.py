"""Batches of pictures with captions: what each objective asks of them."""

from dataclasses import replace

import numpy as np

from lessonlib.batches import pictures
from lessonlib.batches.pictures import PictureBatch
from lessonlib.exams.scenes.gallery import VOCABULARY, Patches
from lessonlib.exams.vocabulary import END, PAD, Ids
from lessonlib.samples import MASK, START
from lessonlib.samples.pictures import NO, YES

_AROUND = VOCABULARY.named(start_id=START, pad_id=PAD)


def contrastive(ids: Ids, patches: Patches, rng: np.random.Generator | None = None) -> PictureBatch:
    """Find the partner of each picture and each caption."""
    return pictures.contrastive(ids, patches, **_AROUND)


def captioning(ids: Ids, patches: Patches, rng: np.random.Generator | None = None) -> PictureBatch:
    """Write the captions."""
    return pictures.captioning(ids, patches, end_id=VOCABULARY[END], **_AROUND)


def masked(ids: Ids, patches: Patches, rng: np.random.Generator) -> PictureBatch:
    """Say hidden words, paint hidden patches."""
    return pictures.masked_multimodal(ids, patches, rng, mask_id=VOCABULARY[MASK], **_AROUND)


def matching(ids: Ids, patches: Patches, rng: np.random.Generator) -> PictureBatch:
    """Say which captions belong to their pictures."""
    answers = VOCABULARY.named(yes_id=YES, no_id=NO)
    return pictures.image_text_matching(ids, patches, rng, **answers, **_AROUND)


def together(ids: Ids, patches: Patches) -> PictureBatch:
    """Show pictures with captions to each other, with nothing hidden and nothing asked."""
    asked = masked(ids, patches, np.random.default_rng(0))
    nothing = {"loss_mask": np.zeros_like(asked.loss_mask), "hidden": np.zeros_like(asked.hidden)}
    return replace(asked, inputs=asked.targets, **nothing)
