"""What an answer counts in the loss: as much as any other, or each text as much as any other."""

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.measurement import log_softmax
from lessonlib.models import Transformer
from lessonlib.models.layers import cross_entropy, linear

by_answer = Transformer.loss  # the mean over all answers of a batch


def by_text(model: Transformer, batch: Batch) -> float:
    """Return the mean over texts of the mean over each one's answers; add its gradient.

    Where the share of hidden words is drawn anew for each text, this is the weight of masked
    diffusion: one divided by the rate.
    """
    asked = batch.loss_mask
    targets, counts = batch.targets[asked], asked.sum(axis=1)
    states, back_states = model.hidden(
        batch.inputs, batch.attention_mask, asked, source=batch.source
    )
    logits, back_logits = linear(states, model.head)
    _, back_mean = cross_entropy(logits, targets)
    shares = np.repeat(1 / counts.clip(1), counts) / (counts > 0).sum()
    costs = -log_softmax(logits)[np.arange(len(targets)), targets]
    more = (shares * len(targets)).astype(logits.dtype)  # than in the mean over all answers
    back_states(back_logits(back_mean() * more[:, None]))
    return float(shares @ costs)


WEIGHTS = {"answers": by_answer, "texts": by_text}  # by what counts alike
