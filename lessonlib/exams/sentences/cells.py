"""Every objective in each architecture that can have it: what is practised, and how it answers.

A *cell* is an objective in an architecture. Architectures have two layers in all (one stack of two,
or two of one), which makes the number of weights equal; or two in each stack, which makes the
number of layers equal that a word passes; or two stacks of two layers with the same weights, as T5
has tried it.
"""

from functools import cache, partial

from lessonlib.exams.exam import UNTRAINED, MakeBatch, Recipe
from lessonlib.exams.results import stored_rows
from lessonlib.exams.results.rows import stored
from lessonlib.exams.sentences import hiding
from lessonlib.exams.sentences import practice as own
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.joined import (
    EndingWriter,
    JoinedBothWays,
    JoinedForward,
    MixedBothWays,
    MixedForward,
)
from lessonlib.exams.sentences.candidates.writers import (
    DecoderOnly,
    EncoderDecoder,
    FillInMiddle,
    MixedDenoiser,
    PrefixReader,
)
from lessonlib.exams.sentences.hiding import RULES
from lessonlib.exams.sentences.shapes import (
    ENCODER,
    EQUAL_LAYERS,
    EQUAL_WEIGHTS,
    FORWARD,
    PREFIX,
    SHAPES,
    SHARED,
    TWO_STACKS,
)
from lessonlib.words import Words

#: What each objective is crossed with; the usual architecture stands first.
CELLS = {
    "causal": (FORWARD,),
    "masked": (ENCODER, PREFIX, EQUAL_WEIGHTS, EQUAL_LAYERS),
    "span_corruption": (EQUAL_WEIGHTS, FORWARD, PREFIX, ENCODER, EQUAL_LAYERS, SHARED),
    "prefix_lm": (PREFIX, FORWARD, *TWO_STACKS),
    "fill_in_middle": (FORWARD,),
    "ul2": (EQUAL_WEIGHTS, FORWARD, PREFIX, EQUAL_LAYERS, SHARED),
    "masked_at_every_rate": (ENCODER,),
    "t5_spans_rolled": (EQUAL_WEIGHTS, FORWARD, PREFIX, ENCODER, EQUAL_LAYERS, SHARED),
    "t5_spans": (EQUAL_WEIGHTS,),
    UNTRAINED: (FORWARD, PREFIX, ENCODER, EQUAL_WEIGHTS, EQUAL_LAYERS, SHARED),
}
#: Objectives and architectures that are fully crossed; effects are told apart in these.
BLOCKS = (
    (("prefix_lm", "span_corruption", "t5_spans_rolled", "ul2"), (FORWARD, PREFIX, *TWO_STACKS)),
    (
        ("masked", "span_corruption", "t5_spans_rolled"),
        (ENCODER, PREFIX, EQUAL_WEIGHTS, EQUAL_LAYERS),
    ),
)
SAME_AS = "same as"  # names the ability whose questions practice consists of
#: What practice hides, how much, and in what lengths.
PARAMETERS = {
    "causal": {"asked": "every word"},
    "masked": {"rate": hiding.RATE, "lengths": "single words"},
    "masked_at_every_rate": {"rate": [0.05, 1], "lengths": "single words"},
    "span_corruption": {"spans": 1, "lengths": "1 to 5, uniform", SAME_AS: "missing_span"},
    "t5_spans": {"rate": hiding.DENSITY, "mean length": hiding.MEAN_SPAN, "rolled": False},
    "t5_spans_rolled": {"rate": hiding.DENSITY, "mean length": hiding.MEAN_SPAN, "rolled": True},
    "prefix_lm": {"spans": 1, "lengths": "the rest, uniform"},
    "fill_in_middle": {"rearranged": 0.5, "order": "psm"},
    "ul2": {"R": 0.4, "S": 0.4, "X": 0.2, "R lengths": "1 to 5", "X lengths": "6 to all"},
    UNTRAINED: {},
}
RATE = 4e-3  # of learning, where none was searched
LIKE = {"spans_and_endings": "span_corruption"}  # whose rate a variant has that was not searched


def cells() -> list[tuple[str, str]]:
    """Every objective with its architectures: the usual ones first."""
    both = [(name, shape) for name, shapes in CELLS.items() for shape in shapes]
    return sorted(both, key=lambda cell: (cell[1] != CELLS[cell[0]][0], cell[0] == UNTRAINED))


def recipe(objective: str, shape: str = "", learning_rate: float | None = None) -> Recipe:
    """Return what a cell practises and how it answers; its usual architecture if none is named.

    Its learning rate is the one that was found best for it in the search, on another random start,
    by the loss of its own practice.
    """
    usual = CELLS.get(objective, (EQUAL_WEIGHTS,))[0]
    shape = shape or usual
    trains = objective != UNTRAINED
    return Recipe(
        objective,
        shape,
        answering(objective, shape),
        practised(objective, shape) if trains else None,
        learning_rate=learning_rate or searched_rate(objective, shape),
        about={
            "parameters": PARAMETERS.get(objective, {}),
            "usual": shape == usual,
            "layers": SHAPES[shape].layers,
            "layers_passed": SHAPES[shape].passed,
        },
    )


def searched_rate(objective: str, shape: str) -> float:
    """Return the learning rate with the lowest loss in the stored search."""
    found = _search().get((LIKE.get(objective, objective), shape), {})
    return min(found, key=found.__getitem__, default=RATE)


@cache
def _search() -> dict[tuple[str, str], dict[float, float]]:
    found: dict[tuple[str, str], dict[float, float]] = {}
    for row in stored_rows("search") if "search" in stored() else ():
        cell = found.setdefault((row["objective"], row["architecture"]), {})
        cell[row["learning_rate"]] = row["raw"]
    return found


def practised(objective: str, shape: str) -> MakeBatch:
    """Return what makes batches of an objective in the form of an architecture."""
    if objective in ("causal", "fill_in_middle"):
        return getattr(own, objective)
    if objective == "prefix_lm" and shape in (FORWARD, PREFIX):
        return own.prefix_lm if shape == PREFIX else hiding.later_words
    if shape == ENCODER:
        bert = objective.startswith("masked")
        return partial(hiding.in_place, RULES[objective], bert=bert)
    two = own.ul2 if objective == "ul2" else partial(hiding.two_stacks, RULES[objective])
    if shape in TWO_STACKS:
        return two
    return partial(hiding.joined, two, both_ways=shape == PREFIX)


def answering(objective: str, shape: str) -> type[TextCandidate]:
    """Return how a model answers that has practised so."""
    if shape == ENCODER:
        return EncoderOnly
    if objective == "fill_in_middle":
        return FillInMiddle
    if shape in TWO_STACKS:
        return {"ul2": MixedDenoiser, "prefix_lm": EndingWriter}.get(objective, EncoderDecoder)
    if objective in ("causal", "prefix_lm", UNTRAINED):
        return PrefixReader if shape == PREFIX else DecoderOnly
    if objective == "ul2":
        return MixedBothWays if shape == PREFIX else MixedForward
    return JoinedBothWays if shape == PREFIX else JoinedForward


#: Every objective in its usual architecture, and a control that practises nothing.
RECIPES = {objective: recipe(objective) for objective in CELLS}


def ways_in_words(*objectives: str) -> dict[tuple[str, str, str], str]:
    """Tell how objectives answer, a sentence for each (objective, task, answer)."""
    return {
        (objective, *way): how
        for objective in objectives or RECIPES
        for way, how in told(RECIPES[objective].candidate).items()
    }


def told(kind: type[TextCandidate]) -> dict[tuple[str, str], str]:
    """Tell how candidates of a kind answer, by (task, answer)."""
    words = Words("exams").texts["ways"]
    return {
        (task, answer): how
        for base in reversed(kind.__mro__)
        for task, answers in words.get(base.__name__, {}).items()
        for answer, how in answers.items()
    }
