"""Training: the schedule, the optimiser, and what happens when something goes wrong."""

from types import SimpleNamespace

import numpy as np
import pytest

from lessonlib import attention
from lessonlib.models import Config, Transformer, train
from lessonlib.models.training import Adam, learning_rate_at
from tests.models.cases import ARCHITECTURES, random_batch, small_model

CHAIN = np.array([[0.0, 0.7, 0.3, 0.0], [0.1, 0.0, 0.0, 0.9], [0.5, 0.25, 0.25, 0.0], [0, 0, 1, 0]])


def chain_batches(rng, rows=32, length=8):
    """Walks on a Markov chain: the best possible loss is the entropy of its steps."""
    while True:
        walk = np.zeros((rows, length + 1), int)
        for step in range(length):
            ceiling = np.cumsum(CHAIN[walk[:, step]], axis=1)
            walk[:, step + 1] = (rng.random((rows, 1)) >= ceiling).sum(axis=1)
        yield SimpleNamespace(
            source=None,
            inputs=walk[:, :-1],
            targets=walk[:, 1:],
            loss_mask=np.ones((rows, length), bool),
            attention_mask=attention.causal(length),
        )


def chain_model(seed=0):
    config = Config("decoder-only", vocab_size=4, length=8, width=16)
    return Transformer(config, np.random.default_rng(seed))


def test_a_model_learns_a_chain_down_to_its_entropy():
    rng = np.random.default_rng(0)
    model = chain_model()
    history = train(model, chain_batches(rng), 200)
    assert len(history.losses) == 200
    test = next(chain_batches(rng, rows=2000))
    best = -np.log(CHAIN[test.inputs, test.targets]).mean()
    assert -0.001 < model.loss(test) - best < 0.02


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_can_learn_a_batch_by_heart(architecture):
    rng = np.random.default_rng(1)
    model = small_model(architecture, rng, np.float32, width=16)
    batch = random_batch(architecture, rng)
    batch.loss_mask[:] = True
    if batch.source is not None:  # without this the first row's source is too short to tell
        batch.attention_mask = attention.encoder_decoder(4, 5)
    before = model.loss(batch)
    train(model, [batch] * 150, 150)
    assert model.loss(batch) < 0.5 * before


def test_the_same_seeds_give_the_same_weights():
    runs = []
    for _ in range(2):
        model = chain_model()
        history = train(model, chain_batches(np.random.default_rng(2)), 20)
        runs.append((model.values, history.losses))
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][1] == runs[1][1]


def test_the_schedule_rises_holds_and_falls_to_almost_nothing():
    steps = 200
    rates = np.array([learning_rate_at(s, steps, 2.0, warmup=0.1, hold=0.5) for s in range(steps)])
    np.testing.assert_allclose(np.diff(rates[:20]), 0.1)
    np.testing.assert_allclose(rates[19:101], 2.0)
    np.testing.assert_allclose(np.diff(rates[101:]), -0.02)
    assert 0 < rates[-1] <= 0.02
    assert [learning_rate_at(s, 4, 1.0, warmup=0, hold=0) for s in range(4)] == [1, 0.75, 0.5, 0.25]
    assert learning_rate_at(0, 1, 3.0) > 0


def test_adam_is_adam():
    rng = np.random.default_rng(3)
    values, gradients = rng.normal(size=5), np.zeros(5)
    expected, m, v = values.copy(), np.zeros(5), np.zeros(5)
    optimiser = Adam(values, gradients, beta1=0.8, beta2=0.95)
    for t in range(1, 8):
        g = gradients[:] = rng.normal(size=5)
        optimiser.step(0.1, gradient_scale=0.5)
        m = 0.8 * m + 0.2 * 0.5 * g
        v = 0.95 * v + 0.05 * (0.5 * g) ** 2
        expected -= 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-8)
        np.testing.assert_allclose(values, expected, rtol=1e-10)


def test_long_gradients_are_shortened_and_short_ones_are_not(monkeypatch):
    followed = []

    def remember(self, learning_rate, gradient_scale=1.0):
        followed.append(gradient_scale * np.linalg.norm(self.gradients))

    monkeypatch.setattr(Adam, "step", remember)

    def slope(length):
        def loss(model, batch):
            model.gradients[:] = length / np.sqrt(model.gradients.size)
            return 1.0

        return loss

    train(chain_model(), [None], 1, clip=0.5, loss=slope(7))
    train(chain_model(), [None], 1, clip=0.5, loss=slope(0.3))
    train(chain_model(), [None], 1, clip=0.5, loss=slope(0))
    assert followed == pytest.approx([0.5, 0.3, 0], rel=1e-4)


def test_an_interrupt_keeps_what_was_learned():
    model, same = chain_model(), chain_model()

    def press_stop(step, loss):
        if step == 6:
            raise KeyboardInterrupt

    batches = chain_batches(np.random.default_rng(4))
    history = train(model, batches, 20, on_step=press_stop)
    assert history.interrupted
    assert len(history.losses) == 7
    whole = train(same, chain_batches(np.random.default_rng(4)), 20)
    assert not whole.interrupted
    assert whole.losses[:7] == history.losses
    assert not np.array_equal(model.values, chain_model().values)


def test_a_loss_that_is_not_finite_names_step_and_place_and_leaves_the_weights():
    model = chain_model()
    batches = chain_batches(np.random.default_rng(5))
    calls = []

    def breaks_later(model, batch):
        calls.append(model.values.copy())
        value = model.loss(batch)
        if len(calls) == 4:
            model.parameters["decoder.1.feed_forward.up"].gradient[0, 0] = np.nan
        return value

    with pytest.raises(FloatingPointError, match=r"step 3 .*decoder\.1\.feed_forward\.up"):
        train(model, batches, 10, loss=breaks_later)
    np.testing.assert_array_equal(model.values, calls[-1])

    with pytest.raises(FloatingPointError, match="step 0 has loss inf; not finite: the loss alone"):
        train(model, batches, 10, loss=lambda model, batch: float("inf"))

    model.parameters["tokens"].value[1, 0] = np.inf
    with (
        np.errstate(invalid="ignore", over="ignore"),
        pytest.raises(FloatingPointError, match="weights tokens"),
    ):
        train(model, batches, 10)


def test_too_few_batches_are_an_error():
    one = next(chain_batches(np.random.default_rng(6)))
    with pytest.raises(ValueError, match="ended after 1 of 2 steps"):
        train(chain_model(), [one], 2)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"steps": -1}, ValueError),
        ({"steps": 2.0}, TypeError),
        ({"learning_rate": -1}, ValueError),
        ({"learning_rate": float("nan")}, ValueError),
        ({"clip": 0}, ValueError),
        ({"clip": "1"}, TypeError),
    ],
)
def test_numbers_that_make_no_sense_are_refused_before_anything_is_learned(arguments, error):
    model = chain_model()
    batches = chain_batches(np.random.default_rng(9))
    with pytest.raises(error, match=f"{next(iter(arguments))}=.*allowed"):
        train(model, batches, **{"steps": 2} | arguments)
    np.testing.assert_array_equal(model.values, chain_model().values)


def test_no_steps_are_allowed_and_change_nothing():
    model = chain_model()
    assert train(model, [], 0).losses == []
    np.testing.assert_array_equal(model.values, chain_model().values)


def test_training_prints_nothing(capfd):
    train(chain_model(), chain_batches(np.random.default_rng(7)), 3)
    assert capfd.readouterr() == ("", "")


def test_every_step_is_reported():
    seen = []
    history = train(
        chain_model(),
        chain_batches(np.random.default_rng(8)),
        4,
        on_step=lambda *now: seen.append(now),
    )
    assert seen == list(enumerate(history.losses))
