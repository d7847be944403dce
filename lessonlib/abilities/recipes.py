"""What each model practises: the architecture and the batches of every row of the matrix."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from lessonlib import batches
from lessonlib.abilities.questions import LONGEST_STRETCH, SHORTEST_STRETCH
from lessonlib.abilities.running import report
from lessonlib.abilities.students import (
    DecoderOnly,
    EncoderDecoder,
    EncoderOnly,
    FillInMiddle,
    MixedDenoiser,
    PrefixReader,
    Student,
)
from lessonlib.abilities.vocabulary import END, PAD, SPECIALS, Ids, Language, Vocabulary
from lessonlib.batches import Batch
from lessonlib.models import Config, History, Transformer, train
from lessonlib.samples import MASK, MID, MODE, PRE, START, SUF

ROWS = 64
STEPS = 2000
LEARNING_RATE = 4e-3
HEADS = 4
EXTRA_POSITIONS = 4  # PRE, SUF, MID and the end of the middle

MakeBatch = Callable[[Ids, Vocabulary, np.random.Generator], Batch]


@dataclass(frozen=True)
class Recipe:
    """One row of the matrix.

    Attributes
    ----------
    objective : str
        Its name in the results.
    architecture : str
        As in :class:`lessonlib.models.Config`.
    make_batch : callable
        From padded sentences (rows, length), the vocabulary and a generator to a batch.
    student : type
        How a model that was trained so answers.
    """

    objective: str
    architecture: str
    make_batch: MakeBatch
    student: type[Student]


def causal(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Say every next word, the first one too."""
    return batches.causal(_after_start(ids, vocabulary), pad_id=vocabulary[PAD])


def masked(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator, rate: float = 0.15) -> Batch:
    """Say words that are hidden one by one."""
    return batches.masked(
        ids,
        rng,
        rate=rate,
        mask_id=vocabulary[MASK],
        vocab_size=len(vocabulary),
        special_ids=vocabulary.encode(SPECIALS),
        pad_id=vocabulary[PAD],
    )


def masked_at_every_rate(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Hide from nearly nothing to everything, as masked diffusion language models do."""
    return masked(ids, vocabulary, rng, rate=rng.uniform(0.05, 1))


def span_corruption(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Write one missing stretch: its length is drawn first, then its place.

    T5's own mask hides the end of a text as short as these, always.
    """
    lengths = _lengths(ids, vocabulary)
    missing = rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, len(ids))
    return _with_gaps(ids, vocabulary, rng.integers(lengths - missing + 1), missing)


def spans_and_endings(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Write one missing stretch; in every other row it is the whole rest of the sentence."""
    lengths = _lengths(ids, vocabulary)
    ending = np.arange(len(ids)) % 2 == 0
    short = rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, len(ids))
    missing = np.where(ending, rng.integers(1, lengths + 1), short)
    latest = lengths - missing
    return _with_gaps(ids, vocabulary, np.where(ending, latest, rng.integers(latest + 1)), missing)


def prefix_lm(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Read the beginning in both directions and say the words after it."""
    return batches.prefix_lm(_after_start(ids, vocabulary), rng, pad_id=vocabulary[PAD])


def fill_in_middle(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Say every next word; in half of the rows the middle was moved to the end."""
    return batches.fill_in_middle(
        ids,
        rng,
        spm_rate=0,
        prefix_id=vocabulary[PRE],
        suffix_id=vocabulary[SUF],
        middle_id=vocabulary[MID],
        start_id=vocabulary[START],
        end_id=vocabulary[END],
        pad_id=vocabulary[PAD],
    )


def ul2(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Write a short stretch (R), the whole rest (S) or a long stretch (X), told which by a token.

    Of five rows two are R, two S and one X.
    """
    lengths = _lengths(ids, vocabulary)
    mode = np.arange(len(ids)) % 5 // 2
    missing = rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, len(ids))
    missing = np.where(mode == 1, rng.integers(1, lengths + 1), missing)
    missing = np.where(mode == 2, rng.integers(LONGEST_STRETCH + 1, lengths + 1), missing)
    latest = lengths - missing
    starts = np.where(mode == 1, latest, rng.integers(latest + 1))
    return batches.ul2(
        ids,
        _one_in_each(starts, missing),
        np.array(list("RSX"))[mode],
        mode_ids={name: vocabulary[token] for name, token in MODE.items()},
        vocab_size=len(vocabulary),
        start_id=vocabulary[START],
        pad_id=vocabulary[PAD],
    )


RECIPES = {
    recipe.objective: recipe
    for recipe in (
        Recipe("causal", "decoder-only", causal, DecoderOnly),
        Recipe("masked", "encoder-only", masked, EncoderOnly),
        Recipe("span_corruption", "encoder-decoder", span_corruption, EncoderDecoder),
        Recipe("prefix_lm", "decoder-only", prefix_lm, PrefixReader),
        Recipe("fill_in_middle", "decoder-only", fill_in_middle, FillInMiddle),
        Recipe("ul2", "encoder-decoder", ul2, MixedDenoiser),
    )
}


def new_model(architecture: str, language: Language, seed: int) -> Transformer:
    """Return a model that has never practised anything."""
    config = Config(
        architecture,
        vocab_size=len(language.vocabulary),
        length=language.longest + EXTRA_POSITIONS,
        heads=HEADS,
    )
    return Transformer(config, np.random.default_rng([seed, 0]))


def practice(
    make_batch: MakeBatch, language: Language, seed: int, rows: int = ROWS
) -> Iterator[Batch]:
    """Yield batches without end; a seed gives every objective the same sentences."""
    sentences = np.random.default_rng([seed, 1])
    choices = np.random.default_rng([seed, 2])
    while True:
        drawn = language.world.sample(rows, sentences)
        ids = language.ids[drawn, : language.lengths[drawn].max()]
        yield make_batch(ids, language.vocabulary, choices)


def pretrain(
    recipe: Recipe, language: Language, seed: int, steps: int = STEPS, progress: bool = False
) -> tuple[Transformer, History]:
    """Train one model.

    Parameters
    ----------
    recipe : Recipe
    language : Language
    seed : int
        Decides the first weights, the sentences and the choices of the objective.
    steps : int
        Steps of 64 sentences.
    progress : bool
        Show a progress bar.

    Returns
    -------
    model : Transformer
    history : History
    """
    model = new_model(recipe.architecture, language, seed)
    stream = practice(recipe.make_batch, language, seed)
    history = train(
        model,
        stream,
        steps,
        learning_rate=LEARNING_RATE,
        progress=progress,
        on_step=lambda step, loss: report("training", step + 1, steps, loss),
    )
    if history.interrupted:
        raise KeyboardInterrupt  # a model that has half learned must not be examined
    return model, history


def ways_in_words(language: Language) -> list[dict[str, str]]:
    """Tell how every objective answers every task.

    Parameters
    ----------
    language : Language

    Returns
    -------
    list of dict
        "objective", "task", "answer" ("native" or "workaround") and "how", a sentence.
    """
    return [
        {"objective": name, "task": task, "answer": answer, "how": way.__doc__.splitlines()[0]}
        for name, recipe in RECIPES.items()
        for (task, answer), way in recipe.student(
            new_model(recipe.architecture, language, 0), language
        ).ways.items()
    ]


def _after_start(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return np.column_stack([np.full(len(ids), vocabulary[START]), ids])


def _lengths(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return (ids != vocabulary[PAD]).sum(axis=1)


def _with_gaps(ids: Ids, vocabulary: Vocabulary, starts: Ids, missing: Ids) -> Batch:
    """One gap in each row, and the sentinel form of what is missing."""
    return batches.hide_spans(
        ids,
        _one_in_each(starts, missing),
        vocab_size=len(vocabulary),
        start_id=vocabulary[START],
        pad_id=vocabulary[PAD],
    )


def _one_in_each(starts: Ids, lengths: Ids) -> Ids:
    return np.column_stack([np.arange(len(starts)), starts, starts + lengths])
