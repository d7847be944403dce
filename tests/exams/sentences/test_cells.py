"""Every objective in every architecture: it can be practised, and the exam has its form."""

from functools import partial

import numpy as np
import pytest

from lessonlib import batches
from lessonlib.exams.exam import UNTRAINED
from lessonlib.exams.sentences import cells, hiding
from lessonlib.exams.sentences.abilities import EXAMS
from lessonlib.exams.sentences.candidates.joined import JoinedBothWays, JoinedForward
from lessonlib.exams.sentences.candidates.writers import EncoderDecoder
from lessonlib.exams.sentences.items import blanks, stretches
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
from lessonlib.exams.sentences.unread import Asking, read_village
from lessonlib.models import Transformer
from lessonlib.models.shared import SharedTransformer, different_weights

CELLS = [cell for cell in cells.cells() if cell[0] != UNTRAINED]


@pytest.fixture(scope="module")
def read():
    return read_village()


@pytest.fixture(scope="module")
def ids(read):
    drawn = read.world.sample(50, np.random.default_rng(3))
    return read.ids[drawn, : read.lengths[drawn].max()]


def as_texts(language, ids):
    return [row[row != language.vocabulary["<pad>"]].tolist() for row in ids]


@pytest.mark.parametrize("cell", CELLS, ids=" in ".join)
def test_every_cell_can_be_practised_and_asked(read, ids, cell):
    batch = cells.practised(*cell)(ids, read.vocabulary, np.random.default_rng(0))
    model = read_village().new_model(cell[1], seed=0)
    first = model.loss(batch)
    # An untrained model is about as surprised by one token as by another.
    assert first == pytest.approx(np.log(len(read.vocabulary)), rel=0.3)
    ways = cells.answering(*cell)(model, read).ways
    assert {("writing", "native"), ("blank", "native"), ("missing_span", "native")} <= set(ways)


def test_blocks_are_fully_crossed():
    for objectives, shapes in cells.BLOCKS:
        assert {(one, shape) for one in objectives for shape in shapes} <= set(CELLS)


def test_weights_are_equal_where_they_should_be():
    weights = {name: different_weights(read_village().new_model(name, 0)) for name in SHAPES}
    one_stack = weights[FORWARD]
    assert weights[PREFIX] == one_stack
    for name in (ENCODER, EQUAL_WEIGHTS):
        assert weights[name] == pytest.approx(one_stack, rel=0.03)
    assert weights[EQUAL_LAYERS] > 1.7 * one_stack
    # T5's shared stack: one stack, and the part that looks at the source.
    assert one_stack < weights[SHARED] < 1.3 * one_stack


@pytest.mark.parametrize("name", hiding.RULES)
def test_rules_hide_words_only_and_at_least_one(read, ids, name):
    lengths = np.array([len(text) for text in as_texts(read, ids)])
    hidden = hiding.RULES[name](lengths, np.random.default_rng(1))
    assert hidden.shape == ids.shape
    assert hidden.any(axis=1).all()
    assert not hidden[np.arange(ids.shape[1]) >= lengths[:, None]].any()


def test_t5s_rule_is_the_one_of_the_batches(read):
    lengths = np.full(4000, 14)
    asked = [
        hiding.t5(lengths, np.random.default_rng(0), rolled).mean(axis=0)
        for rolled in (False, True)
    ]
    ids = np.zeros((4000, 14), int)
    for ours, rolled in zip(asked, (False, True), strict=True):
        batch = batches.span_corruption(
            ids, np.random.default_rng(2), vocab_size=50, start_id=1, pad_id=2, random_roll=rolled
        )
        theirs = np.zeros(ids.shape)
        for row, start, end in batch.choices["spans"]:
            theirs[row, start:end] += 1
        assert ours == pytest.approx(theirs.mean(axis=0), abs=0.03)
    assert asked[0][0] == 0
    assert asked[0][-1] == 1


def test_a_joined_batch_asks_what_two_stacks_are_asked(read, ids):
    def two(*_):
        make = partial(hiding.two_stacks, hiding.RULES["t5_spans_rolled"])
        return make(ids, read.vocabulary, np.random.default_rng(4))

    apart, one = two(), hiding.joined(two, ids, read.vocabulary, None, both_ways=True)
    for row in range(len(ids)):
        source = apart.source[row, apart.source_real[row]]
        said = apart.inputs[row, apart.real[row]]
        assert one.inputs[row, one.real[row]].tolist() == [*source, *said]
        asked = one.loss_mask[row]
        assert one.targets[row, asked].tolist() == apart.targets[row, apart.real[row]].tolist()
        assert np.flatnonzero(asked)[0] == len(source)
        assert one.attention[1][row] == len(source)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (EQUAL_WEIGHTS, EncoderDecoder),
        (SHARED, EncoderDecoder),
        (FORWARD, JoinedForward),
        (PREFIX, JoinedBothWays),
    ],
)
def test_the_exam_has_the_form_of_practice(read, shape, kind):
    """What an exam makes of a gap is as probable as practice says, token for token."""
    model = read_village().new_model(shape, seed=1)
    gaps = stretches(read, 30, np.random.default_rng(5))
    texts = [[*gap.left, *gap.missing, *gap.right] for gap in gaps]
    hidden = np.zeros((len(gaps), max(map(len, texts))), bool)
    for row, gap in zip(hidden, gaps, strict=True):
        row[len(gap.left) : len(gap.left) + len(gap.missing)] = True
    two = partial(hiding.two_stacks, lambda lengths, rng: hidden)
    joined = partial(hiding.joined, two, both_ways=shape == PREFIX)
    make = two if shape in TWO_STACKS else joined
    batch = make(read.vocabulary.padded(texts), read.vocabulary, np.random.default_rng(0))
    logits = model.logits(
        batch.inputs, batch.attention_mask, batch.loss_mask, source=batch.source
    ).astype(float)
    said = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    found = said[np.arange(len(said)), batch.targets[batch.loss_mask]]
    counts = batch.loss_mask.sum(axis=1)
    rows = np.split(found, np.cumsum(counts)[:-1])
    practised = [row[1:].sum() for row in rows]  # without the sentinel, which the exam gives
    asked = kind(model, read)._draft_scores([(gap, gap.missing) for gap in gaps])
    assert asked == pytest.approx(practised, abs=1e-3)


def test_shared_stacks_share_and_learn_as_one():
    config = read_village().new_model(SHARED, 0).config
    model = SharedTransformer(config, np.random.default_rng(0), np.float64)
    read = read_village()
    make = cells.practised("span_corruption", SHARED)
    batch = next(read.practice(make, 0, 8))
    model.loss(batch)
    weight = model.parameters["encoder.0.self.query"]
    assert model.parameters["decoder.0.self.query"] is weight
    slope, step = weight.gradient[3, 5], 1e-5
    around = []
    for sign in (1, -1):
        weight.value[3, 5] += sign * step
        around.append(model.loss(batch))
        weight.value[3, 5] -= sign * step
    assert (around[0] - around[1]) / (2 * step) == pytest.approx(slope, rel=1e-4)
    twin = model.copy()
    assert twin.loss(batch) == pytest.approx(model.loss(batch))
    assert isinstance(twin, Transformer)
    assert different_weights(twin) == different_weights(model)


def test_without_practice_every_cell_scores_what_the_control_scores(read):
    """No way of answering brings a score of its own."""
    asking = Asking(read.parts, 60, 0, answers=("native",))
    different = {(cells.answering(*cell), cell[1]): cell for cell in CELLS}
    for objective, shape in different.values():
        candidate = cells.answering(objective, shape)(read.new_model(shape, 0), read)
        for ability in ("blank", "missing_span"):
            for found, _ in EXAMS[ability][0](candidate, asking):
                assert found.score < 0.1, (objective, shape, ability, found.metric)


def test_a_recipe_says_what_it_is():
    for objective, one in cells.RECIPES.items():
        assert one.about["usual"]
        assert (one.make_batch is None) == (objective == UNTRAINED)
        assert one.about["layers"] >= one.about["layers_passed"]
    assert not cells.recipe("span_corruption", PREFIX).about["usual"]


def test_rates_come_from_the_search_and_variants_have_those_of_their_kin(monkeypatch):
    found = {
        ("masked", ENCODER): {2e-3: 1.0, 8e-3: 0.5},
        ("span_corruption", EQUAL_WEIGHTS): {2e-3: 1},
    }
    monkeypatch.setattr(cells, "_search", lambda: found)
    assert cells.recipe("masked").learning_rate == 8e-3
    assert cells.recipe("masked", learning_rate=1e-3).learning_rate == 1e-3
    assert cells.recipe("spans_and_endings").learning_rate == 2e-3
    assert cells.recipe("causal").learning_rate == cells.RATE


def test_every_way_is_told_in_a_sentence():
    for objective, shape in CELLS:
        kind = cells.answering(objective, shape)
        candidate = kind(read_village().new_model(shape, 0), read_village())
        told = cells.told(kind)
        assert {way for way in candidate.ways if way[0] != "stretch"} == set(told)
        assert all(how[0].isupper() and how.endswith(".") for how in told.values())


def shares(places, length):
    """How often each run of words is hidden, by its start and its end."""
    counts = np.zeros((length, length + 1))
    for start, end in places:
        counts[start, end] += 1
    return counts / max(counts.sum(), 1), counts.sum()


@pytest.mark.parametrize("objective", hiding.RULES)
def test_practice_is_the_same_as_an_exam_where_the_rows_say_so_and_nowhere_else(read, objective):
    """Lengths and places of what is hidden, as often in practice as in the exam."""
    length, rng = 10, np.random.default_rng(0)
    same = set()
    for ability, generator in (("missing_span", stretches), ("blank", blanks)):
        gaps = [
            (len(gap.left), len(gap.left) + len(gap.missing))
            for gap in generator(read, 12_000, rng)
            if len(gap.left) + len(gap.missing) + len(gap.right) == length
        ]
        asked, count = shares(gaps, length)
        hidden = hiding.RULES[objective](np.full(4000, length), rng)
        found = hiding.runs(hidden)
        practised, many = shares(found[:, 1:], length)
        error = np.sqrt(asked.clip(1e-3) * (1 / count + 1 / many))
        if len(found) == len(hidden) and (np.abs(asked - practised) < 4.5 * error).all():
            same.add(ability)
    told = cells.PARAMETERS.get(objective, {}).get(cells.SAME_AS)
    assert same == ({told} if told else set())
