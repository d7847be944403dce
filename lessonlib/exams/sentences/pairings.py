"""What happens when an objective is trained in an architecture that it does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lessonlib.attention import causal as causal_mask
from lessonlib.batches import Batch
from lessonlib.exams.measurement import share
from lessonlib.exams.running import Watch, report, run_all
from lessonlib.exams.sentences.language import Language, village
from lessonlib.exams.sentences.recipes import causal
from lessonlib.models import Transformer, generate, sampled, train
from lessonlib.samples import START

ROWS, STEPS, WRITTEN = 32, 250, 200


@dataclass(frozen=True)
class Pairing:
    """A model that practised saying the next word, and what it can do."""

    sees_future: bool  # whether every position was allowed to look everywhere while it was trained
    losses: list[float]  # loss of every training step, in nats per word
    sentences: list[str]  # what it writes when it starts from nothing
    valid: float  # share of these that are sentences of the world

    @property
    def final_loss(self) -> float:
        """Mean loss of the last tenth of the training."""
        return float(np.mean(self.losses[-max(1, len(self.losses) // 10) :]))


def right_and_wrong(
    seed: int = 0, steps: int = STEPS, watch: Watch | None = None
) -> tuple[Pairing, Pairing]:
    """Train the right pairing and the wrong one, side by side in two processes.

    The `seed` decides weights and sentences; a step has 32 sentences. `watch` is told how far each
    of the two is.
    """
    jobs = [(next_word_practice, sees_future, seed, steps) for sees_future in (False, True)]
    right, wrong = run_all(jobs, label="pairings", watch=watch)
    return right, wrong


def next_word_practice(sees_future: bool, seed: int = 0, steps: int = STEPS) -> Pairing:
    """Train a decoder to say next words, with the future hidden or in full view.

    `sees_future` pairs next-word labels with an encoder's mask: the label of each position then
    stands in plain view, one place to the right.
    """
    language = village()
    model = language.new_model("decoder-only", seed)
    stream = language.practice(causal, seed, ROWS)
    history = train(
        model,
        _uncovered(stream) if sees_future else stream,
        steps,
        on_step=lambda step, loss: report("training", step + 1, steps, loss),
    )
    if history.interrupted:
        raise KeyboardInterrupt
    pages = _write(model, language, np.random.default_rng([seed, 3]))
    sentences = [" ".join(language.vocabulary.decode(page)) for page in pages]
    valid = share([language.parse(page) is not None for page in pages])
    return Pairing(sees_future, history.losses, sentences, valid)


def _uncovered(batches: Iterator[Batch]) -> Iterator[Batch]:
    for batch in batches:
        yield replace(batch, attention=("bidirectional",))


def _write(model: Transformer, language: Language, rng: np.random.Generator) -> list[list[int]]:
    room = language.longest + 1
    written, lengths = generate(
        model,
        np.full((WRITTEN, room), language.vocabulary[START]),
        np.ones(WRITTEN, dtype=int),
        causal_mask(room),
        end_id=language.vocabulary["."],
        choose=sampled(rng, top_p=0.98),
    )
    return [row[1:length].tolist() for row, length in zip(written, lengths, strict=True)]
