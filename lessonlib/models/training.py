"""Training: a schedule, Adam on the flat array of weights, and the loop around them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from lessonlib import checks
from lessonlib.batches import Batch
from lessonlib.models.config import WORDS
from lessonlib.models.layers import Array
from lessonlib.models.transformer import Transformer


@dataclass
class History:
    """What happened in a training run: the loss before each step, and whether it was stopped."""

    losses: list[float] = field(default_factory=list)
    interrupted: bool = False


class Adam:
    """Adam (Kingma and Ba 2015, algorithm 1) without weight decay, in place on flat arrays."""

    def __init__(
        self, values: Array, gradients: Array, beta1: float = 0.9, beta2: float = 0.99
    ) -> None:
        self.values, self.gradients = values, gradients
        self.beta1, self.beta2 = beta1, beta2
        self.mean = np.zeros_like(values)
        self.square = np.zeros_like(values)
        self.steps = 0

    def step(self, learning_rate: float, gradient_scale: float = 1.0) -> None:
        """Move the weights against the gradients, which count `gradient_scale` times."""
        self.steps += 1
        gradient = self.gradients * gradient_scale
        self.mean *= self.beta1
        self.mean += (1 - self.beta1) * gradient
        self.square *= self.beta2
        gradient *= gradient
        gradient *= 1 - self.beta2
        self.square += gradient
        change = np.sqrt(self.square, out=gradient)
        change *= (1 - self.beta2**self.steps) ** -0.5
        change += 1e-8
        np.divide(self.mean, change, out=change)
        change *= learning_rate / (1 - self.beta1**self.steps)
        self.values -= change


def learning_rate_at(
    step: int, steps: int, peak: float, warmup: float = 0.02, hold: float = 0.5
) -> float:
    """Rise until `warmup`, hold until `hold` (shares of all steps), then fall straight to zero."""
    done = (step + 1) / steps
    return peak * min(1.0, done / warmup if warmup else 1.0, (1 + 1 / steps - done) / (1 - hold))


def train(
    model: Transformer,
    batches: Iterable[Batch],
    steps: int,
    *,
    learning_rate: float = 3e-3,
    clip: float = 1.0,
    loss: Callable[[Transformer, Batch], float] = Transformer.loss,
    on_step: Callable[[int, float], None] | None = None,
) -> History:
    """Train a model in place: the same arguments give the same weights on one machine.

    An interrupt (the stop button of a notebook) ends it, and the model keeps what it has learned. A
    loss or gradient that is not finite is a FloatingPointError; the weights stay as they were.
    `learning_rate` is the peak of the schedule; gradients longer than `clip` are shortened to it.
    ``loss(model, batch)`` returns a number and adds its gradient to ``model.gradients``;
    ``on_step(step, loss)`` is called after every step.
    """
    steps = checks.integer(steps, "steps", 0)
    learning_rate = checks.number(learning_rate, "learning_rate", 0)
    clip = checks.number(clip, "clip", 0, above=True)
    _keep_freed_memory()
    history = History()
    optimiser = Adam(model.values, model.gradients)
    try:
        for step, batch in zip(range(steps), batches, strict=False):
            model.gradients[:] = 0
            value = loss(model, batch)
            length = float(np.sqrt(model.gradients @ model.gradients))
            if not (np.isfinite(value) and np.isfinite(length)):
                raise FloatingPointError(_where_not_finite(model, step, value))
            rate = learning_rate_at(step, steps, learning_rate)
            optimiser.step(rate, min(1.0, clip / (length + 1e-12)))
            history.losses.append(value)
            if on_step is not None:
                on_step(step, value)
        if len(history.losses) < steps:
            raise ValueError(WORDS("too_few_batches", done=len(history.losses), steps=steps))
    except KeyboardInterrupt:
        history.interrupted = True
    return history


def _keep_freed_memory() -> None:
    """Make the C library keep the memory that a step frees, because the next step needs it again.

    Getting it back from the system takes a quarter to a third of a training step. glibc keeps
    blocks up to a limit, which follows the largest one ever freed, 32 MiB at most.
    """
    np.empty(31 << 20, np.uint8)  # freed at once, never touched


def _where_not_finite(model: Transformer, step: int, loss: float) -> str:
    where = WORDS("not_finite_in.loss")
    for kind in ("gradient", "value"):  # what broke the weights broke the gradients too
        parts = model.parameters.items()
        broken = [name for name, part in parts if not np.isfinite(getattr(part, kind)).all()]
        if broken:
            where = WORDS(f"not_finite_in.{kind}", names=", ".join(broken))
    return WORDS("not_finite", step=step, loss=loss, where=where)
