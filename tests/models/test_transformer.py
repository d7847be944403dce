"""What a model may depend on, and what it must not: masks, padding, questions, files."""

import numpy as np
import pytest

from lessonlib import attention
from lessonlib.models import Config, Transformer
from lessonlib.models.files import load, save
from tests.models.cases import (
    ARCHITECTURES,
    BATCH,
    LENGTH,
    SOURCE,
    VOCAB,
    random_batch,
    self_masks,
    small_model,
)


def logits_of(model, batch, **changes):
    fields = vars(batch) | changes
    logits = model.logits(fields["inputs"], fields["attention_mask"], source=fields["source"])
    return logits.reshape(BATCH, LENGTH, VOCAB)


def paths(mask, layers):
    """Which keys can reach each query through so many layers; residuals keep what is there."""
    step = mask | np.eye(mask.shape[-1], dtype=bool)
    reach = np.eye(mask.shape[-1], dtype=bool)
    for _ in range(layers):
        reach = (step.astype(int) @ reach.astype(int)) > 0
    return reach


@pytest.mark.parametrize("architecture", ["decoder-only", "encoder-only"])
@pytest.mark.parametrize("mask", self_masks(np.random.default_rng(0)))
def test_a_token_matters_exactly_where_the_mask_lets_it_through(architecture, mask):
    rng = np.random.default_rng(1)
    model = small_model(architecture, rng)
    batch = random_batch(architecture, rng, self_masks(rng)[mask])
    before = logits_of(model, batch)
    masks = np.broadcast_to(batch.attention_mask, (BATCH, LENGTH, LENGTH))
    for key in range(LENGTH):
        changed = batch.inputs.copy()
        changed[:, key] = (changed[:, key] + 1) % VOCAB
        differs = (np.abs(logits_of(model, batch, inputs=changed) - before) > 1e-9).any(axis=2)
        expected = [paths(masks[row], model.config.layers)[:, key] for row in range(BATCH)]
        np.testing.assert_array_equal(differs, expected)


def test_a_decoder_reads_the_source_but_not_its_padding():
    rng = np.random.default_rng(2)
    model = small_model("encoder-decoder", rng)
    batch = random_batch("encoder-decoder", rng)
    before = logits_of(model, batch)
    for key in range(SOURCE):
        source = batch.source.copy()
        source[:, key] = (source[:, key] + 1) % VOCAB
        differs = (np.abs(logits_of(model, batch, source=source) - before) > 1e-9).any(axis=2)
        real = batch.attention_mask.cross[:, 0, key]
        np.testing.assert_array_equal(differs, np.repeat(real[:, None], LENGTH, axis=1))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_questions_are_answered_the_same_alone_and_together(architecture):
    rng = np.random.default_rng(3)
    model = small_model(architecture, rng)
    batch = random_batch(architecture, rng)
    everything = logits_of(model, batch)
    some = model.logits(batch.inputs, batch.attention_mask, batch.loss_mask, source=batch.source)
    np.testing.assert_allclose(some, everything[batch.loss_mask], rtol=1e-9)


def test_padding_changes_nothing():
    rng = np.random.default_rng(4)
    model = small_model("encoder-only", rng)
    ids = rng.integers(0, VOCAB, (1, 3))
    alone = model.logits(ids, attention.bidirectional(3))
    padded = np.pad(ids, [(0, 0), (0, 4)])
    mask = np.repeat((np.arange(7) < 3)[None, None], 7, axis=1)
    np.testing.assert_allclose(model.logits(padded, mask)[:3], alone, rtol=1e-9)


def test_a_query_that_may_see_nothing_still_answers():
    rng = np.random.default_rng(5)
    model = small_model("encoder-only", rng)
    ids = rng.integers(0, VOCAB, (2, LENGTH))
    blind = model.logits(ids, np.zeros((LENGTH, LENGTH), bool))
    assert np.isfinite(blind).all()


def test_the_loss_is_the_cross_entropy_of_the_logits():
    rng = np.random.default_rng(6)
    for architecture in ARCHITECTURES:
        model = small_model(architecture, rng)
        batch = random_batch(architecture, rng)
        logits = logits_of(model, batch)[batch.loss_mask]
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        answers = batch.targets[batch.loss_mask]
        expected = -np.log(p[np.arange(len(p)), answers]).mean()
        assert model.loss(batch) == pytest.approx(expected)


def test_architectures_are_equally_big():
    for vocab_size, length in ((60, 16), (120, 32)):
        for layers in (2, 4):
            counts = [
                Transformer(
                    Config(architecture, vocab_size, length, layers=layers),
                    np.random.default_rng(0),
                ).values.size
                for architecture in ARCHITECTURES
            ]
            assert max(counts) / min(counts) < 1.05


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_features_end_in_what_the_answers_are_read_from(architecture):
    rng = np.random.default_rng(7)
    model = small_model(architecture, rng)
    batch = random_batch(architecture, rng)
    features = model.features(batch.inputs, batch.attention_mask, source=batch.source)
    stacks = model.config.stacks
    assert list(features) == [f"{s}.{n}" for s in stacks for n in range(stacks[s] + 1)]
    last = list(features.values())[-1]
    assert last.shape == (BATCH, LENGTH, model.config.width)
    normed = last / np.sqrt((last**2).mean(axis=2, keepdims=True) + 1e-6)
    answers = normed @ model.parameters["tokens"].value.T
    np.testing.assert_allclose(answers, logits_of(model, batch), rtol=1e-9)


def test_patches_stand_before_the_words():
    rng = np.random.default_rng(8)
    model = small_model("decoder-only", rng, patch_size=3)
    batch = random_batch("decoder-only", rng)
    mask = attention.prefix(2 + LENGTH, 2)
    patches = rng.normal(size=(BATCH, 2, 3))
    before = model.logits(batch.inputs, mask, patches=patches)
    moved = patches.copy()
    moved[:, 1] += 1
    assert (model.logits(batch.inputs, mask, patches=moved) != before).any(axis=1).all()
    batch.attention_mask = mask
    asked = np.pad(batch.loss_mask, [(0, 0), (2, 0)])
    states, _ = model.hidden(batch.inputs, mask, asked, patches=patches)
    assert len(states) == batch.loss_mask.sum()


def test_a_saved_model_comes_back_as_it_was(tmp_path):
    rng = np.random.default_rng(9)
    for dtype in (np.float32, np.float64):
        model = small_model("encoder-decoder", rng, dtype)
        save(model, tmp_path / "model.npz")
        back = load(tmp_path / "model.npz")
        assert back.config == model.config
        assert back.values.dtype == dtype
        np.testing.assert_array_equal(back.values, model.values)


def test_a_file_with_code_in_it_is_refused(tmp_path):
    model = small_model("encoder-only", np.random.default_rng(10))
    save(model, tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as file:
        weights = dict(file)
    weights["tokens"] = np.array([print], dtype=object)
    np.savez(tmp_path / "model.npz", **weights)
    with pytest.raises(ValueError, match=r"not written by lessonlib\.models\.files\.save$"):
        load(tmp_path / "model.npz")


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04 broken off", b"\x80\x04N."])
def test_a_file_with_something_else_in_it_is_refused(tmp_path, content):
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"not written by lessonlib\.models\.files\.save$"):
        load(tmp_path / "model.npz")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.npz")


def test_an_array_on_its_own_is_no_model(tmp_path):
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(ValueError, match=r"not written by lessonlib\.models\.files\.save$"):
        load(tmp_path / "array.npy")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda weights: weights.pop("config"), "not written by lessonlib.models.files.save"),
        (lambda weights: weights.pop("encoder.positions"), "other weights"),
        (lambda weights: weights.update(more=np.zeros(1)), "other weights"),
        (lambda weights: weights.update({"encoder.positions": np.zeros((1, 1))}), "has shape"),
    ],
)
def test_a_file_with_other_weights_is_refused(tmp_path, change, problem):
    save(small_model("encoder-only", np.random.default_rng(10)), tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as file:
        weights = dict(file)
    change(weights)
    np.savez(tmp_path / "other.npz", **weights)
    with pytest.raises(ValueError, match=problem):
        load(tmp_path / "other.npz")


def test_a_copy_learns_on_its_own():
    rng = np.random.default_rng(11)
    model = small_model("decoder-only", rng)
    batch = random_batch("decoder-only", rng)
    twin = model.copy()
    np.testing.assert_array_equal(logits_of(twin, batch), logits_of(model, batch))
    twin.values += 1
    assert not np.array_equal(logits_of(twin, batch), logits_of(model, batch))


def test_float32_models_stay_float32():
    rng = np.random.default_rng(12)
    for architecture in ARCHITECTURES:
        model = small_model(architecture, rng, np.float32)
        batch = random_batch(architecture, rng)
        states, _ = model.hidden(batch.inputs, batch.attention_mask, source=batch.source)
        assert states.dtype == logits_of(model, batch).dtype == np.float32
        exact = small_model(architecture, rng)
        exact.values[:] = model.values
        np.testing.assert_allclose(logits_of(model, batch), logits_of(exact, batch), atol=1e-4)


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ({"architecture": "GPT"}, "architecture='GPT' is unknown"),
        ({"heads": 3}, "heads=3 must divide width=64"),
        ({"layers": 3, "architecture": "encoder-decoder"}, "layers=3 must be even"),
        ({"vocab_size": 0}, "vocab_size=0"),
        ({"patch_size": -1}, "patch_size=-1"),
    ],
)
def test_sizes_that_make_no_model_are_refused(sizes, problem):
    with pytest.raises(ValueError, match=problem):
        Config(**({"architecture": "decoder-only", "vocab_size": 5, "length": 5} | sizes))


@pytest.mark.parametrize(
    ("changes", "error", "problem"),
    [
        ({"inputs": np.full((BATCH, LENGTH), VOCAB)}, ValueError, r"inputs has ids 7..7"),
        ({"inputs": np.full((BATCH, LENGTH), -100)}, ValueError, r"the model knows 0..6"),
        ({"inputs": np.zeros((BATCH, LENGTH))}, TypeError, "token ids are integers"),
        ({"targets": np.full((BATCH, LENGTH), -100)}, ValueError, "targets has ids -100"),
        ({"loss_mask": np.zeros((BATCH, LENGTH), bool)}, ValueError, "marks no position"),
        ({"loss_mask": np.ones((BATCH, 2), bool)}, ValueError, "loss_mask"),
        ({"loss_mask": np.ones((BATCH, LENGTH), int)}, TypeError, "loss_mask has dtype int64"),
        (
            {"attention_mask": attention.encoder_decoder(LENGTH, LENGTH)},
            TypeError,
            "attention_mask=.*EncoderDecoderMask.*decoder-only",
        ),
        ({"attention_mask": None}, TypeError, "attention_mask=None"),
        ({"attention_mask": np.ones((LENGTH, LENGTH))}, TypeError, "not bool"),
        ({"attention_mask": attention.causal(3)}, ValueError, "attention_mask"),
        ({"source": np.zeros((BATCH, 2), int)}, ValueError, "has no encoder"),
        ({"targets": np.zeros((BATCH, 2), int)}, ValueError, "targets has shape"),
    ],
)
def test_batches_that_do_not_fit_are_refused(changes, error, problem):
    rng = np.random.default_rng(13)
    model = small_model("decoder-only", rng)
    batch = random_batch("decoder-only", rng)
    vars(batch).update(changes)
    with pytest.raises(error, match=problem):
        model.loss(batch)


def test_questions_and_patches_of_another_shape_are_refused():
    rng = np.random.default_rng(15)
    model = small_model("decoder-only", rng, patch_size=3)
    inputs = rng.integers(0, VOCAB, (BATCH, LENGTH))
    with pytest.raises(ValueError, match="asked has shape"):
        model.logits(inputs, attention.causal(LENGTH), np.ones((BATCH, 2), bool))
    with pytest.raises(ValueError, match="patches has shape"):
        model.logits(inputs, attention.causal(LENGTH + 2), patches=np.zeros((BATCH, 2, 4)))
    with pytest.raises(ValueError, match="patches has shape"):
        model.logits(inputs, attention.causal(LENGTH + 2), patches=np.zeros((BATCH, 3)))
    with pytest.raises(TypeError, match="patches is of type list"):
        model.logits(inputs, attention.causal(LENGTH + 2), patches=[[[0.0] * 3]])
    with pytest.raises(TypeError, match="asked has dtype int64"):
        model.logits(inputs, attention.causal(LENGTH), np.array([0, 2]))
    with pytest.raises(ValueError, match=r"inputs has shape \(5,\)"):
        model.logits(inputs[0], attention.causal(LENGTH))


def test_an_encoder_decoder_needs_its_three_masks_and_a_source_in_rows():
    rng = np.random.default_rng(16)
    model, inputs = small_model("encoder-decoder", rng), np.zeros((1, 2), int)
    with pytest.raises(TypeError, match=r"attention_mask=.*ndarray.*encoder-decoder"):
        model.logits(inputs, attention.causal(2), source=inputs)
    with pytest.raises(ValueError, match=r"source has shape \(2,\)"):
        model.logits(inputs, attention.encoder_decoder(2, 2), source=inputs[0])


@pytest.mark.parametrize(
    ("arguments", "error", "problem"),
    [
        ({"rng": 0}, TypeError, "rng is of type int"),
        ({"config": "decoder-only"}, TypeError, "config='decoder-only'"),
        ({"dtype": np.float16}, ValueError, "dtype=float16; allowed: float32, float64"),
        ({"dtype": int}, ValueError, "dtype=int64"),
    ],
)
def test_a_model_of_the_wrong_things_is_refused(arguments, error, problem):
    good = {"config": Config("decoder-only", 5, 5), "rng": np.random.default_rng(0)}
    with pytest.raises(error, match=problem):
        Transformer(**good | arguments)


def test_what_is_too_long_or_lacks_a_source_is_refused():
    rng = np.random.default_rng(14)
    with pytest.raises(ValueError, match="10 positions; this model reads at most 9"):
        small_model("decoder-only", rng).logits(np.zeros((1, 10), int), attention.causal(10))
    model, mask = small_model("encoder-decoder", rng), attention.encoder_decoder(2, 2)
    with pytest.raises(ValueError, match="needs a source"):
        model.logits(np.zeros((1, 2), int), mask)


@pytest.mark.parametrize("width", [8, 128])
def test_an_untrained_model_begins_with_tokens_of_length_about_one(width):
    config = Config("decoder-only", vocab_size=50, length=6, width=width, heads=2, layers=2)
    model = Transformer(config, np.random.default_rng(0))
    lengths = np.linalg.norm(model.parameters["tokens"].value, axis=1)
    assert np.median(lengths) == pytest.approx(1, rel=0.3)
