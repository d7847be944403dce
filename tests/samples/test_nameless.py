"""Samples to recognise differ in objective, and each is one of the course."""

from lessonlib.samples import objectives, restore
from lessonlib.samples.nameless import three_samples

TOKENS = "the little robot waters every plant before sunrise".split()


def test_the_three_have_objectives_of_their_own_and_one_sentence():
    samples = three_samples(TOKENS)
    names = [sample.objective for sample in samples]
    assert len(set(names)) == 3
    assert set(names) <= set(objectives)
    assert [restore(sample) for sample in samples] == [TOKENS] * 3
