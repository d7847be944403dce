"""Pairs of signs: what is asked can be looked up, and only there."""

import numpy as np
import pytest

from lessonlib.exams.experiments import examples_in_text as examples
from lessonlib.exams.experiments.examples_in_text import FRESH, SAME, PairsOfSigns
from lessonlib.exams.measurement import NATIVE, Candidate, answers
from lessonlib.samples import MASK


@pytest.fixture(scope="module")
def language():
    return PairsOfSigns(FRESH)


def pairs_of(text):
    return list(zip(text[::2], text[1::2], strict=True))


def test_a_text_has_one_value_for_each_key_and_another_text_others(language):
    rng = np.random.default_rng(0)
    tables = set()
    for _ in range(200):
        text = language.text(rng, FRESH)
        table = dict(pairs_of(text))
        assert all(table[key] == value for key, value in pairs_of(text))
        assert len(set(table.values())) == len(table) <= examples.USED
        tables |= set(table.items())
    assert len(tables) == examples.SIGNS**2  # any value may belong to any key
    same = [language.text(rng, SAME) for _ in range(50)]
    assert len({pair for text in same for pair in pairs_of(text)}) == examples.SIGNS


def test_both_practices_ask_for_values_alone(language):
    for make in examples.MAKES.values():
        batch = next(PairsOfSigns(FRESH).practice(make, 1))
        said = batch.targets[batch.loss_mask]
        assert said.min() >= examples.SIGNS
        assert said.max() < 2 * examples.SIGNS
        assert batch.loss_mask.any(axis=1).all()
    hidden = batch.inputs == language.vocabulary[MASK]
    assert (hidden == batch.loss_mask).all()


class Looking(Candidate):
    """Says the value that stood behind the key before, or else one that the text has not had."""

    def __init__(self, language, looks=True):
        super().__init__(None, language)
        self.looks, self.rng = looks, np.random.default_rng(0)

    @answers(NATIVE, "next_word")
    def _say(self, gaps):
        rows = np.zeros((len(gaps), 2 * examples.SIGNS))
        for row, gap in zip(rows, gaps, strict=True):
            had = dict(pairs_of(gap.left[:-1]))
            free = [n for n in range(examples.SIGNS, len(row)) if n not in had.values()]
            known = had.get(gap.left[-1]) if self.looks else self.rng.choice([*had.values()])
            row[self.rng.choice(free) if known is None else known] = 1
        return rows


@pytest.mark.parametrize("count", examples.EXAMPLES)
def test_who_looks_up_reaches_what_is_possible(language, count):
    asked = examples.asked(language, count, np.random.default_rng(count))
    assert {one.gap.left.count(one.gap.left[-1]) for one in asked} == {count + 1}
    found = examples.told(Looking(language), asked)
    if count:
        assert found.score == 1
        guessed = examples.told(Looking(language, looks=False), asked)
        assert guessed.score == pytest.approx(0, abs=0.12)
    else:
        assert found.raw == pytest.approx(found.oracle, abs=0.07)
        assert found.chance == 1 / examples.SIGNS < found.oracle < 0.25


def test_the_practice_with_the_same_pairs_differs_in_nothing_else():
    first, second, _ = examples.PRACTICES.values()
    assert first[0] == second[0]
    assert {first[1], second[1]} == {FRESH, SAME}
