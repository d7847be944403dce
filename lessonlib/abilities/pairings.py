"""What happens when an objective is trained in an architecture that it does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lessonlib.abilities.recipes import causal, new_model, practice
from lessonlib.abilities.running import Watch, report, run_all
from lessonlib.abilities.vocabulary import START, Language
from lessonlib.attention import causal as causal_mask
from lessonlib.batches import Batch
from lessonlib.models import Transformer, generate, sampled, train
from lessonlib.worlds import learnable_world

ROWS, STEPS, WRITTEN = 32, 250, 200


@dataclass(frozen=True)
class Pairing:
    """A model that practised saying the next word, and what it can do.

    Attributes
    ----------
    sees_future : bool
        Whether every position was allowed to look everywhere while it was trained.
    losses : list of float
        Loss of every training step, in nats per word.
    sentences : list of str
        What it writes when it starts from nothing.
    valid : float
        Share of these that are sentences of the world.
    """

    sees_future: bool
    losses: list[float]
    sentences: list[str]
    valid: float

    @property
    def final_loss(self) -> float:
        """Mean loss of the last tenth of the training."""
        return float(np.mean(self.losses[-max(1, len(self.losses) // 10) :]))


def right_and_wrong(
    seed: int = 0, steps: int = STEPS, watch: Watch | None = None
) -> tuple[Pairing, Pairing]:
    """Train the right pairing and the wrong one, side by side in two processes.

    Parameters
    ----------
    seed : int
        Decides weights and sentences.
    steps : int
        Training steps of 32 sentences.
    watch : callable, optional
        Told how far each of the two is.

    Returns
    -------
    right, wrong : Pairing
    """
    jobs = [(next_word_practice, sees_future, seed, steps) for sees_future in (False, True)]
    right, wrong = run_all(jobs, label="pairings", watch=watch)
    return right, wrong


def next_word_practice(sees_future: bool, seed: int = 0, steps: int = STEPS) -> Pairing:
    """Train a decoder to say next words, with the future hidden or in full view.

    Parameters
    ----------
    sees_future : bool
        True pairs next-word labels with an encoder's mask: the label of each position then
        stands in plain view, one place to the right.
    seed : int
        Decides weights and sentences.
    steps : int
        Training steps of 32 sentences.

    Returns
    -------
    Pairing
    """
    language = Language(learnable_world())
    model = new_model("decoder-only", language, seed)
    stream = practice(causal, language, seed, ROWS)
    history = train(
        model,
        _uncovered(stream) if sees_future else stream,
        steps,
        on_step=lambda step, loss: report("training", step + 1, steps, loss),
    )
    if history.interrupted:
        raise KeyboardInterrupt
    sentences = _write(model, language, np.random.default_rng([seed, 3]))
    known = {" ".join(sentence.words) for sentence in language.world.sentences}
    valid = float(np.mean([sentence in known for sentence in sentences]))
    return Pairing(sees_future, history.losses, sentences, valid)


def _uncovered(batches: Iterator[Batch]) -> Iterator[Batch]:
    for batch in batches:
        yield replace(batch, attention=("bidirectional",))


def _write(model: Transformer, language: Language, rng: np.random.Generator) -> list[str]:
    vocabulary, room = language.vocabulary, language.longest + 1
    starts = np.full((WRITTEN, room), vocabulary[START])
    written, lengths = generate(
        model,
        starts,
        np.ones(WRITTEN, dtype=int),
        causal_mask(room),
        end_id=vocabulary["."],
        choose=sampled(rng, top_p=0.98),
    )
    return [
        " ".join(vocabulary.decode(row[1:length].tolist()))
        for row, length in zip(written, lengths, strict=True)
    ]
