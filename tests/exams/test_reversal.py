"""Pairs told from one side: what is held out is never practised, and who knows all scores 1."""

import numpy as np
import pytest

from lessonlib.exams.experiments import reversal
from lessonlib.exams.experiments.reversal import GIVER, RECEIVER, SIDES
from lessonlib.exams.measurement import NATIVE, Candidate, answers


@pytest.fixture(scope="module")
def language():
    return reversal.Acquaintances()


def side_of(language, ids):
    """Who is named first: a giver or a receiver; and which pair. None without a pair."""
    for pair, both in enumerate(language.names):
        there = [name for name in ids if name in both]
        if there:
            return pair, SIDES[both.index(there[0])]
    return None


def test_the_held_out_side_is_never_practised_and_the_others_are(language):
    rng = np.random.default_rng(0)
    seen = [side_of(language, language.sentence(rng)) for _ in range(3000)]
    told = {one for one in seen if one}
    for pair in range(len(language.names)):
        assert {side for n, side in told if n == pair} == set(language.kind(pair))
    named = sum(one is not None for one in seen) / len(seen)
    assert named == pytest.approx(reversal.NAMED, abs=0.04)
    kinds = [language.kind(pair) for pair in range(len(language.names))]
    assert [kinds.count(kind) for kind in reversal.TOLD] == [reversal.EACH] * 3


def test_a_sentence_about_a_pair_is_one_of_the_village_but_for_its_names(language):
    rng = np.random.default_rng(1)
    for pair in range(12):
        for side in SIDES:
            words = language.vocabulary.decode(language.about(pair, side, rng))
            place = {name: words.index(f"{name}-{pair}") for name in SIDES}
            assert place[side] < place[RECEIVER if side == GIVER else GIVER]
            link = words[max(place.values()) - 2]
            assert link == {GIVER: "to", RECEIVER: "from"}[side]


def test_questions_hide_one_name_and_ask_what_they_say(language):
    asked = reversal.questions(language, 0)
    assert {name: len(found) for name, found in asked.items()} == dict.fromkeys(asked, 200)
    for name, found in asked.items():
        for gap, among in found:
            (missing,) = gap.missing
            pair = next(n for n, both in enumerate(language.names) if missing in both)
            (known,) = {w for w in gap.left + gap.right if w in language.names[pair]}
            assert missing in among
            assert len(set(among)) == reversal.EACH
            first = missing if name == "first_name" else known
            side = SIDES[language.names[pair].index(first)]
            assert (known in gap.right) == (name == "first_name")
            assert (side in language.kind(pair)) == (name != "turned_round")
            assert (len(language.kind(pair)) == 2) == (name == "both_sides_practised")


class Knows(Candidate):
    """Knows pairs, all of them or as far as they were told from the side that is asked."""

    def __init__(self, language, everything):
        super().__init__(None, language)
        self.language, self.everything = language, everything

    @answers(NATIVE, "blank")
    def _say(self, gaps):
        self.passes += len(gaps)
        said = np.zeros((len(gaps), self.language.vocabulary.words))
        for row, gap in zip(said, gaps, strict=True):
            pair, side = side_of(self.language, gap.left + gap.right)
            which = 1 - SIDES.index(side)  # the other of the two is missing
            first = side if side_of(self.language, gap.left) else SIDES[which]
            if self.everything or first in self.language.kind(pair):
                row[self.language.names[pair][which]] = 1
        return said


@pytest.mark.parametrize("everything", [True, False])
def test_who_knows_all_scores_1_and_who_knows_one_side_fails_turned_round_alone(
    language, everything
):
    for name, asked in reversal.questions(language, 1).items():
        scores = {
            one.metric: one.score for one in reversal.told(Knows(language, everything), asked)
        }
        knows = everything or name != "turned_round"
        if knows:
            assert scores == {"right": 1, "among_names": 1}
        else:
            assert max(scores.values()) < 0.1


def test_there_is_a_new_word_for_each_person_and_the_village_keeps_its_own(language):
    read = language.read.vocabulary
    assert language.vocabulary.tokens[: read.words] == read.tokens[: read.words]
    assert language.vocabulary.words == read.words + 6 * reversal.EACH
