"""What a transformer practises on pictures with captions: the losses of the picture objectives."""

from collections.abc import Callable, Sequence

import numpy as np

from lessonlib import checks
from lessonlib.batches.pictures import PictureBatch
from lessonlib.models.config import WORDS
from lessonlib.models.layers import Array, Parameter, cross_entropy, linear
from lessonlib.models.transformer import Transformer

Gradients = Callable[[], tuple[Array, Array]]
PairLoss = Callable[[Array, Array], tuple[float, Gradients]]

SCALE = 1 / 0.07  # by how much CLIP multiplies similarities at first


def clip_loss(pictures: Array, captions: Array, scale: float = SCALE) -> tuple[float, Gradients]:
    """Return the mean of two cross-entropies: each picture picks a caption, each caption a picture.

    Row k of both, (pairs, width) and of length 1, is one pair; `scale` multiplies similarities.
    Source: Radford et al. 2021 (CLIP), figure 3.
    """
    _check_pairs(pictures, captions)
    scale = checks.number(scale, "scale", 0)
    scores = scale * pictures @ captions.T
    partner = np.arange(len(scores))
    by_picture, back_picture = cross_entropy(scores, partner)
    by_caption, back_caption = cross_entropy(scores.T, partner)

    def backward() -> tuple[Array, Array]:
        d_similarities = scale / 2 * (back_picture() + back_caption().T)
        return d_similarities @ captions, d_similarities.T @ pictures

    return (by_picture + by_caption) / 2, backward


def loss_of_pairs(
    pictures: Sequence[Sequence[float]], captions: Sequence[Sequence[float]]
) -> float:
    """Return `clip_loss` for vectors that were made by hand, rounded to four decimals."""
    loss, _ = clip_loss(np.array(pictures, float), np.array(captions, float))
    return round(abs(float(loss)), 4)  # abs: no "-0.0"


def sigmoid_loss(
    pictures: Array, captions: Array, scale: float = 10.0, bias: float = -10.0
) -> tuple[float, Gradients]:
    """Ask of every picture with every caption whether they are a pair: as `clip_loss`, with a bias.

    Summed over all combinations, per pair. Source: Zhai et al. 2023 (SigLIP), section 3.2.
    """
    _check_pairs(pictures, captions)
    scale = checks.number(scale, "scale", 0)
    count = len(pictures)
    signs = 2 * np.eye(count, dtype=pictures.dtype) - 1
    margins = signs * (scale * pictures @ captions.T + bias)
    loss = float(np.logaddexp(0, -margins).sum() / count)

    def backward() -> tuple[Array, Array]:
        d_similarities = -scale / count * signs * np.exp(-np.logaddexp(0, margins))
        return d_similarities @ captions, d_similarities.T @ pictures

    return loss, backward


def embeddings(model: Transformer, batch: PictureBatch) -> tuple[Array, Array]:
    """Return what the model makes of pictures and of captions, read apart: rows of length 1."""
    states, _ = _summaries(model, batch)
    return states[:, 0], states[:, 1]


def alignment_loss(
    model: Transformer, batch: PictureBatch, pair_loss: PairLoss = clip_loss
) -> float:
    """Return the loss of contrastive alignment; add its gradient to ``model.gradients``."""
    states, back_states = _summaries(model, batch)
    loss, back_loss = pair_loss(states[:, 0], states[:, 1])
    back_states(np.stack(back_loss(), axis=1))
    return loss


def word_loss(model: Transformer, batch: PictureBatch) -> float:
    """Return the loss of captioning or image-text matching, in nats; add its gradient."""
    return model.loss(batch, batch.seen)


def masked_loss(model: Transformer, batch: PictureBatch) -> float:
    """Return the mean cross-entropy of hidden words plus squared error of hidden patches.

    Adds its gradient. As the embedding of tokens reads words, so that of patches reads colours.
    """
    hidden = np.concatenate([batch.hidden, batch.loss_mask], axis=1)
    if not hidden.any():
        raise ValueError(WORDS("nothing_hidden"))
    states, back_states = model.hidden(
        batch.inputs, batch.attention_mask, hidden, patches=batch.seen
    )
    is_patch = np.nonzero(hidden)[1] < batch.patches.shape[1]
    d_states = np.zeros_like(states)
    loss = 0.0
    if is_patch.any():
        painted, back_paint = linear(states[is_patch], _reading(model, "patches", -1))
        error = painted - batch.patches[batch.hidden].astype(painted.dtype)
        loss += float(np.mean(error**2))
        d_states[is_patch] = back_paint(2 / error.size * error)
    if not is_patch.all():
        logits, back_logits = linear(states[~is_patch], _reading(model, "tokens"))
        words, back_words = cross_entropy(logits, batch.targets[batch.loss_mask])
        loss += words
        d_states[~is_patch] = back_logits(back_words())
    back_states(d_states)
    return loss


def _check_pairs(pictures: Array, captions: Array) -> None:
    checks.array(pictures, "pictures", "f", WORDS("wanted.pairs"))
    checks.array(captions, "captions", "f", WORDS("wanted.pairs"))
    if pictures.shape != captions.shape or pictures.ndim != 2 or not pictures.size:
        raise ValueError(WORDS("no_pairs", pictures=pictures.shape, captions=captions.shape))


def _summaries(model: Transformer, batch: PictureBatch) -> tuple[Array, Callable[[Array], None]]:
    """Return the states at the two start tokens, shape (rows, 2, width), scaled to length 1."""
    asked = np.concatenate([batch.hidden, batch.loss_mask], axis=1)
    states, back = model.hidden(batch.inputs, batch.attention_mask, asked, patches=batch.seen)
    length = np.sqrt(states.shape[1])  # the last thing a transformer does is to norm its states

    def backward(d_summaries: Array) -> None:
        back(d_summaries.reshape(states.shape) / length)

    return states.reshape(len(batch), 2, -1) / length, backward


def _reading(model: Transformer, table: str, until: int | None = None) -> Parameter:
    """Return an embedding turned round, to read answers from states; views, not copies."""
    weight = model.parameters[table]
    return Parameter(weight.value[:until].T, weight.gradient[:until].T)
