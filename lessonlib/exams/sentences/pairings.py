"""What happens when an objective is trained in an architecture that it does not fit."""

from dataclasses import dataclass, replace

import numpy as np

from lessonlib.exams.exam import practise
from lessonlib.exams.measurement import share
from lessonlib.exams.running import Watch, run_all
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.language import Language, village
from lessonlib.exams.sentences.practice import causal
from lessonlib.models import Transformer

ROWS, STEPS, WRITTEN = 32, 250, 200
BETWEEN = 25  # steps from one look at what it writes to the next


@dataclass(frozen=True)
class Pairing:
    """A model that practised saying the next word, and what it can do."""

    sees_future: bool  # whether every position was allowed to look everywhere while it was trained
    losses: list[float]  # loss of every training step, in nats per word
    sentences: list[str]  # what it writes when it starts from nothing
    valid: float  # share of these that are sentences of the world
    valid_after: dict[int, float]  # the same after so many steps of its training

    @property
    def final_loss(self) -> float:
        """Mean loss of the last tenth of the training."""
        return float(np.mean(self.losses[-max(1, len(self.losses) // 10) :]))


def right_and_wrong(
    seed: int = 0, steps: int = STEPS, watch: Watch | None = None
) -> tuple[Pairing, Pairing]:
    """Train the right pairing and the wrong one, side by side; a step has 32 sentences."""
    jobs = [(next_word_practice, sees_future, seed, steps) for sees_future in (False, True)]
    right, wrong = run_all(jobs, label="pairings", watch=watch)
    return right, wrong


def next_word_practice(sees_future: bool, seed: int = 0, steps: int = STEPS) -> Pairing:
    """Train a decoder to say next words, with the future hidden or in full view.

    In full view the label of each position can be looked up, one place to the right.
    """
    language = village()
    model = language.new_model("decoder-only", seed)
    stream = language.practice(causal, seed, ROWS)
    if sees_future:
        stream = (replace(batch, attention=("bidirectional",)) for batch in stream)
    valid_after = {0: _written(model, language, seed)[1]}

    def look(step: int, _: float) -> None:
        if (step + 1) % BETWEEN == 0:
            valid_after[step + 1] = _written(model, language, seed)[1]

    losses = practise(model, stream, steps, on_step=look).losses
    sentences, valid = _written(model, language, seed)
    return Pairing(sees_future, losses, sentences, valid, valid_after | {steps: valid})


def _written(model: Transformer, language: Language, seed: int) -> tuple[list[str], float]:
    """Return what a model writes when it starts from nothing, and the share that is valid."""
    write = DecoderOnly(model, language).ways["writing", "native"]
    pages = write(WRITTEN, np.random.default_rng([seed, 3]), top_p=0.98)
    sentences = [" ".join(language.vocabulary.decode(page)) for page in pages]
    return sentences, share([language.parse(page) is not None for page in pages])
