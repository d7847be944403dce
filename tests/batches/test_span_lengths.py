"""The lengths that T5's formula promises, against the builder itself."""

import numpy as np
import pytest

from lessonlib import batches
from lessonlib.batches.spans import noise_counts


@pytest.mark.parametrize("density", [0.05, 0.15, 0.3, 0.5, 0.62, 0.85])
@pytest.mark.parametrize("mean", [1.0, 3.0, 8.0])
def test_sources_and_targets_are_as_long_as_promised_but_for_the_named_cases(density, mean):
    rng, exact = np.random.default_rng(0), 0
    for wanted in [*range(4, 90), 194, 512]:
        length, promised = batches.span_lengths(wanted, density, mean)
        if length < 2:
            continue
        batch = batches.span_corruption(
            np.zeros((1, length), int),
            rng,
            vocab_size=9000,
            start_id=1,
            noise_density=density,
            mean_span_length=mean,
        )
        (noise,), (spans,) = noise_counts(np.array([length]), density, mean)
        said = round(length * density)
        counted = round(said / mean)
        assert noise == min(max(said, 1), length - 1)  # the first of the named cases
        assert spans == min(max(counted, 1), noise, length - noise)  # the first and the second
        more_noise, more_spans = noise - said, spans - counted
        short = (
            wanted - 1 + more_spans - more_noise - batch.source.shape[1],
            promised + more_spans + more_noise - batch.targets.shape[1],
        )
        third = density == 0.5
        assert short == (0, 0) or (third and set(short) <= {0, 1})
        exact += short == (0, 0) and not more_noise and not more_spans
    assert exact or density > 0.5


def test_the_third_named_case_is_there():
    assert batches.span_lengths(11, 0.5, 3.0) == (14, 11)
    (noise,), (spans,) = noise_counts(np.array([14]), 0.5, 3.0)
    assert (14 - noise + spans, noise + spans + 1) == (9, 10)
