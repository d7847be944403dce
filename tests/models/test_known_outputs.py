"""Weights that were stored mean the same for ever: outputs of known weights, kept as numbers."""

import numpy as np
import pytest

from lessonlib import attention
from lessonlib.models import Config, Transformer

VOCAB, LENGTH, SOURCE = 7, 5, 4
IDS = np.arange(2 * LENGTH).reshape(2, LENGTH) % VOCAB
KNOWN = {
    "decoder-only": [2.0587149276135768, -3.6821054626721654, 3.1347487246878303],
    "encoder-only": [0.8130623758814365, -3.661369055152619, 3.094951818016074],
    "encoder-decoder": [3.716831093611575, 2.6619636655651995, 3.768108466734773],
}
MASKS = {
    "decoder-only": attention.causal(LENGTH),
    "encoder-only": attention.bidirectional(LENGTH),
    "encoder-decoder": attention.encoder_decoder(SOURCE, LENGTH),
}


def known_model(architecture):
    config = Config(architecture, VOCAB, LENGTH + 2, width=8, layers=2, patch_size=3)
    model = Transformer(config, np.random.default_rng(0), np.float64)
    model.values[:] = 0.7 * np.sin(np.arange(model.values.size))  # in the order of the file
    return model


@pytest.mark.parametrize("architecture", KNOWN)
def test_known_weights_give_known_outputs(architecture):
    source = None
    if architecture == "encoder-decoder":
        source = 3 * np.arange(2 * SOURCE).reshape(2, SOURCE) % VOCAB
    found = known_model(architecture).logits(IDS, MASKS[architecture], source=source)
    found = found.reshape(2, LENGTH, VOCAB)
    some = [found[0, 0, 1], found[1, 3, 4], found[0, 4].max()]
    np.testing.assert_allclose(some, KNOWN[architecture], rtol=1e-9)


def test_known_weights_read_patches_as_they_always_did():
    patches = np.cos(np.arange(12.0)).reshape(2, 2, 3)
    mask = attention.prefix(LENGTH + 2, 2)
    found = known_model("decoder-only").logits(IDS, mask, patches=patches)
    assert found.reshape(2, LENGTH + 2, VOCAB)[0, 1, 2] == pytest.approx(3.7893763591119374)
