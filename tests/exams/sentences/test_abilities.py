"""Every metric, held against candidates whose scores are known beforehand."""

import numpy as np
import pytest

from lessonlib.exams.sentences.abilities import EXAMS, papers, twin
from lessonlib.exams.sentences.features import BagOfWords
from lessonlib.exams.sentences.unread import READ, UNREAD, Asking, exchanged, parts
from lessonlib.worlds.sentences import Meaning
from tests.exams.sentences.handmade import Guessing, Perfect

SIZE, SEED = 120, 0


@pytest.fixture(scope="module")
def halves(language):
    return parts(language)


def stretch_of(language):
    """What the oracle gives to the stretch that was really there."""
    lengths = dict.fromkeys(range(1, 6), 1.0)

    def say(gaps):
        decode = language.vocabulary.decode
        return np.array(
            [
                np.log(
                    language.oracle.stretch(decode(gap.left), decode(gap.right), lengths)[
                        decode(gap.missing)
                    ]
                )
                for gap in gaps
            ]
        )

    return say


class KnowsAll(Perfect):
    def __init__(self, language):
        super().__init__(language)
        self.ways["stretch", "native"] = self.counted(stretch_of(language))
        meanings = {sentence.meaning for sentence in language.world.sentences}
        self.kinds = {pair for meaning in meanings for pair in meaning._asdict().items()}

    def never_pretrained(self, seed):
        return Guesses(self.language)

    def features(self, asked):
        """What the base does, with the same columns for whatever is asked."""
        meanings = [self.language.parse(sentence).meaning for sentence in asked]
        told = [meaning._asdict().items() for meaning in meanings]
        noise = self.rng.normal(size=(len(asked), 8))
        return {"useless": noise, "meaning": one_hot(told, self.kinds)}


class Guesses(Guessing):
    def __init__(self, language):
        super().__init__(language)
        self.ways["stretch", "native"] = self.counted(self.stretch)

    def stretch(self, gaps):
        common = self.common()
        return np.array([common[gap.missing].sum() - np.log(5) for gap in gaps])


class BagOfMeanings(Perfect):
    """Knows every synonym and both words of a verb, and not who gives and who gets."""

    def features(self, asked):
        meanings = [self.language.parse(sentence).meaning for sentence in asked]
        return {"bag": one_hot([{*meaning} for meaning in meanings], {*values(self.language)})}


def values(language):
    """Yield whatever a meaning can say; no two fields but the two persons' have one in common."""
    for sentence in language.world.sentences:
        yield from sentence.meaning


def one_hot(rows, kinds):
    place = {kind: number for number, kind in enumerate(sorted(kinds))}
    table = np.zeros((len(rows), len(place)))
    for filled, row in zip(table, rows, strict=True):
        filled[[place[kind] for kind in row]] = 1
    return table


def examined(candidate, halves, ability, size=SIZE, seed=SEED):
    found = EXAMS[ability][0](candidate, Asking(halves, size, seed))
    return [one.row(ability=ability, **more) for one, more in found]


def scores(candidate, halves, ability):
    return {
        (row["metric"], row["meanings"], row["answer"]): row["score"]
        for row in examined(candidate, halves, ability)
        if "baseline" not in row
    }


@pytest.mark.parametrize("ability", EXAMS)
def test_who_knows_all_scores_one_in_every_metric(language, halves, ability):
    found = scores(KnowsAll(language), halves, ability)
    assert len({metric for metric, *_ in found}) >= 2
    for (metric, meanings, _), score in found.items():
        # How many of the written sentences are new is a matter of luck.
        assert score == pytest.approx(1, abs=0.6 if metric == "valid_and_new" else 1e-6), meanings


@pytest.mark.parametrize("ability", EXAMS)
def test_who_guesses_scores_nothing_in_any_metric(language, halves, ability):
    for (metric, *more), score in scores(Guesses(language), halves, ability).items():
        assert score == pytest.approx(0, abs=0.12), (metric, more)


def test_twins_with_exchanged_roles_lower_a_bag_to_chance(language, halves):
    found = scores(BagOfMeanings(language), halves, "matching")
    for meanings in (READ, UNREAD):
        assert found["retrieved", meanings, "native"] > 0.8
        assert found["told_from_twin", meanings, "native"] == pytest.approx(0)
        assert found["retrieved_with_twins", meanings, "native"] < 0.5
    rows = examined(KnowsAll(language), halves, "matching")
    bag = [row for row in rows if row.get("baseline") == BagOfWords.name]
    assert {row["score"] for row in bag if row["metric"] == "told_from_twin"} == {0}


def test_a_bag_of_words_does_not_know_who_gives(language, halves):
    for row in examined(KnowsAll(language), halves, "classification"):
        if row.get("baseline") == BagOfWords.name and row["metric"] == "ranked":
            assert row["score"] == pytest.approx(0, abs=0.1)


def test_a_twin_has_the_same_words_and_another_meaning(language):
    sentence = next(
        sentence
        for sentence in language.world.sentences
        if sentence.meaning.giver_number == sentence.meaning.receiver_number
    )
    other = twin(sentence.meaning, sentence.wording)
    assert sorted(other) == sorted(sentence.words)
    assert other != sentence.words


def test_every_meaning_is_in_one_part_and_a_tenth_of_them_is_unread(language, halves):
    sentences = language.world.sentences
    meanings = {
        name: {sentences[row].meaning for row in np.flatnonzero(part.world.drawn)}
        for name, part in halves.items()
    }
    assert not meanings[READ] & meanings[UNREAD]
    count = sum(map(len, meanings.values()))
    assert len(meanings[UNREAD]) / count == pytest.approx(0.1, abs=0.01)
    assert {exchanged(meaning) for meaning in meanings[UNREAD]}.isdisjoint(meanings[READ])
    assert halves[UNREAD].world.mass == pytest.approx(0.1, abs=0.02)
    assert halves[READ].world.mass + halves[UNREAD].world.mass == pytest.approx(1)


def test_practice_never_has_an_unread_meaning(language, halves):
    read = halves[READ]
    drawn = read.world.sample(5000, np.random.default_rng(0))
    assert read.world.drawn[drawn].all()
    assert isinstance(read.world.sentences[drawn[0]].meaning, Meaning)
    frequent = np.argsort([-s.probability for s in language.world.sentences])[:2000]
    asked = halves[UNREAD].world.sample(3000, np.random.default_rng(1))
    assert np.intersect1d(frequent, asked).size  # unread ones are as common as others


def test_the_same_questions_are_put_to_everybody(language, halves):
    def asked(candidate):
        heard = []
        candidate.ways["blank", "native"] = lambda gaps: (
            heard.extend(gaps) or np.zeros((len(gaps), language.vocabulary.words))
        )
        candidate.ways.pop(("blank", "workaround"))
        examined(candidate, halves, "blank", 20, 7)
        return heard

    assert asked(KnowsAll(language)) == asked(Guesses(language))


def test_questions_and_passes_are_counted_and_a_work_around_is_asked_fewer(language, halves):
    for ability in ("continuation", "blank", "missing_span"):
        for row in examined(KnowsAll(language), halves, ability, 100):
            assert row["forward_passes"] == pytest.approx(1)
            assert row["questions"] == (100 if row["answer"] == "native" else 10)


def test_who_knows_no_way_has_no_row_and_nobody_is_asked_for_more_than_wanted(language, halves):
    candidate = KnowsAll(language)
    asking = Asking(halves, 20, 0, answers=("native",), meanings=(UNREAD,))
    for ability, (exam, metric) in EXAMS.items():
        rows = [one.row(**more) for one, more in exam(candidate, asking)]
        assert {row["answer"] for row in rows} == {"native"}
        assert {row["meanings"] for row in rows} <= {UNREAD, "all"}
        assert metric in {row["metric"] for row in rows}
        assert papers()[ability].metric == metric
    candidate.ways = {}
    for ability, (exam, _) in EXAMS.items():
        found = list(exam(candidate, asking))
        assert all(more.get("baseline") == BagOfWords.name for _, more in found), ability


def test_layer_and_pooling_are_not_chosen_on_the_test(language, halves):
    """Many useless features: the best of them on the test would look better than chance."""

    class Lucky(Guesses):
        def features(self, asked):
            return {str(n): self.rng.normal(size=(len(asked), 8)) for n in range(4)}

    found = scores(Lucky(language), halves, "classification")
    assert found["right", UNREAD, "native"] == pytest.approx(0, abs=0.12)
