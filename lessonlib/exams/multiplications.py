"""What a model computes, by counting: the multiplications of its matrix products.

A position costs as many as its weights, layer by layer; a look at a position costs two for each
number of its vector (one for the key, one for the value); an answer costs a row of the vocabulary
for each number. Reading is counted; training takes three times as many.
"""

import numpy as np

from lessonlib import checks
from lessonlib.batches import Batch
from lessonlib.models import Config
from lessonlib.models.unmasking import due


def practised(config: Config, batch: Batch) -> int:
    """Count what reading a batch and answering its questions takes, without padding.

    Every layer is counted at every position, also where nobody needs its answer.
    """
    answers = int(batch.loss_mask.sum())
    if batch.source is None:
        looks = int((batch.attention_mask & batch.real[:, :, None]).sum())
        read = _stack(config, config.predicting, int(batch.real.sum()), looks)
        return read + _head(config, answers)
    there, mask = batch.source_real, batch.attention_mask
    positions, written = int(there.sum()), int(batch.real.sum())
    read = _stack(config, "encoder", positions, int((mask.encoder & there[:, :, None]).sum()))
    back = int((mask.decoder & batch.real[:, :, None]).sum())
    over = int((mask.cross & batch.real[:, :, None]).sum())
    # In cross-attention the decoder asks and puts together; keys and values are the encoder's.
    layers, width = config.stacks["decoder"], config.width
    crossing = layers * (2 * width**2 * (written + positions) + 2 * width * over)
    wrote = _stack(config, "decoder", written, back)
    return read + wrote + crossing + _head(config, answers)


def written(config: Config, words: int, passes: int = 0, kept: bool = True) -> int:
    """Count what one stack takes to write so many words, one after the other from nothing.

    What it has read is `kept` (the key-value cache), or read again for each word. With `passes` it
    looks both ways and reads all places in each pass, which is how masked diffusion writes.
    """
    words, passes = checks.integer(words, "words", 1), checks.integer(passes, "passes", 0)
    place, answers = np.arange(1, words + 1), words
    if passes:
        positions, looks = passes * words, passes * words**2
        shares = due(words, passes)  # all blanks that are left are asked about in each pass
        answers = passes * words - int(np.cumsum([0, *shares[:-1]]).sum())
    elif kept:
        positions, looks = words, int(place.sum())
    else:
        positions, looks = int(place.sum()), int((place * (place + 1) // 2).sum())
    return _stack(config, config.predicting, positions, looks) + _head(config, answers)


def _stack(config: Config, stack: str, positions: int, looks: int) -> int:
    width, layers = config.width, config.stacks[stack]
    each = 4 * width**2 + 2 * width * config.hidden_width
    return layers * (positions * each + 2 * width * looks)


def _head(config: Config, answers: int) -> int:
    return answers * config.width * config.vocab_size
