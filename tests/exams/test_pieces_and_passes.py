"""What is counted about pieces is true by definition or for a small text by hand."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.exams import passes, pieces
from lessonlib.models.unmasking import RANDOM
from lessonlib.pieces import BytePairs, Tokenizer, counted, installed_english, units
from tests.samples.strategies import few

counts = st.dictionaries(st.text("abc", min_size=1, max_size=5), st.integers(1, 9), min_size=2)
cuts = st.sampled_from([list, lambda unit: [unit], lambda unit: [unit[:2], *unit[2:]]])


class Letters(Tokenizer):
    def _cut(self, unit):
        return [*unit.removeprefix("▁")]


@few
@given(counts, cuts)
def test_who_knows_words_needs_as_many_bits_however_they_are_cut(table, cut):
    total = sum(table.values())
    bits = -sum(n * math.log2(n / total) for n in table.values())
    size = sum(n * len(unit) for unit, n in table.items())
    measured = pieces.knows_words(cut, table)
    assert measured.bits_per_byte == pytest.approx(bits / size)
    assert measured.per_token * measured.tokens == pytest.approx(bits * math.log(2))


@few
@given(counts)
def test_who_knows_pieces_knows_no_more_than_who_knows_words(table):
    by_letter = pieces.knows_pieces(list, table)
    assert by_letter.bits_per_byte >= pieces.knows_words(list, table).bits_per_byte - 1e-9
    whole = pieces.knows_pieces(lambda unit: [unit], table)
    assert whole == pytest.approx(pieces.knows_words(lambda unit: [unit], table))


def test_a_space_is_one_byte():
    measured = pieces.knows_pieces(lambda unit: [unit], {"▁é": 1, "a": 1})
    assert measured.bits_per_byte == pytest.approx(2 / 4)


def test_what_is_given_away_counted_by_hand():
    """Of "ab" and "cd" each letter tells the other; hidden together only the neighbours tell."""
    studied = ["ab x ab x cd"] * 9
    texts = ["y ab y cd y", *studied]
    assert pieces.given_away(Letters([]), texts, "piece") == 1
    assert pieces.given_away(Letters([]), texts, "word") == 0.5
    with pytest.raises(ValueError, match="hiding='letter'"):
        pieces.given_away(Letters([]), texts, "letter")


def test_stretches_reach_over_words_counted_by_hand():
    assert pieces.reach(Letters([]), ["abc d"], 1) == (1, 3 / 4)
    assert pieces.reach(Letters([]), ["abc d"], 3) == (1.5, 0.5)
    assert pieces.reach(Letters([]), ["a b c"], 3) == (3, 0)


def test_unseen_tokens_are_those_that_only_the_test_has():
    texts = ["new old"] + ["old"] * 9
    assert pieces.unseen(texts, str.split) == 0.5


def test_on_installed_english_the_claims_of_the_page_hold():
    """The margins are wide: every Python brings other topics along."""
    texts = installed_english()
    table = counted(texts)
    tokenizer = BytePairs.learn(table, 1000)
    assert pieces.given_away(tokenizer, texts, "piece") > 0.6
    assert pieces.given_away(tokenizer, texts, "word") < 0.35
    words, cut = pieces.reach(tokenizer, texts, 3)
    assert 2 < words < 2.8
    assert 0.3 < cut < 0.7
    assert pieces.unseen(texts, units) > 10 * pieces.unseen(texts, tokenizer.cut)
    assert 0.03 < pieces.unseen(texts, units) < 0.06
    more = BytePairs.learn(table, 3000)
    piece, word = (pieces.given_away(more, texts, hiding) for hiding in ("piece", "word"))
    assert 0.2 < piece < 0.4
    assert 2 < piece / word < 4
    letters, cut_words = tokenizer.after(0), [*table]
    assert sum(map(len, map(letters.pieces, cut_words))) > 3 * len(cut_words)
    losses = [
        pieces.knows_pieces(cut, table)
        for cut in (letters.pieces, tokenizer.pieces, lambda unit: [unit])
    ]
    per_token, per_byte = ([*column] for column in (
        (loss.per_token for loss in losses), (loss.bits_per_byte for loss in losses)))  # fmt: skip
    assert per_token == sorted(per_token)
    assert per_byte == sorted(per_byte, reverse=True)


def test_one_pass_less_than_a_word_is_worse_even_for_a_perfect_model():
    shares = [passes.right_share(k, 30) for k in (1, 4, passes.LENGTH)]
    assert shares == sorted(shares)
    assert shares[0] < 0.2
    assert shares[-1] == 1
    assert passes.right_share(passes.LENGTH, 10, RANDOM) == 1


def test_where_nothing_fits_the_places_alone_tell():
    draft = ["the", "the", *[None] * (passes.LENGTH - 2)]
    guesses = passes.perfect_guess(draft)
    anywhere = passes.perfect_guess([None] * passes.LENGTH)
    assert guesses == anywhere[2:]
    assert all(math.isclose(sum(options.values()), 1) for options in guesses)
    assert Counter(map(type, guesses[0])) == {str: len(guesses[0])}
