"""A table of counts says what was right most often, and nothing about what it never met."""

from collections import Counter
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from lessonlib.models.counting import CountTable, study, with_neighbours
from lessonlib.worlds import learnable_world

WORDS = st.lists(st.sampled_from("abc"), max_size=12)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abc"))))
def test_it_guesses_a_most_frequent_answer(practice):
    table = CountTable()
    for shown, answer in practice:
        table.note(shown, answer)
    for shown in "xyz":
        answers = Counter(answer for asked, answer in practice if asked == shown)
        assert table.noted(shown) == answers
        assert table.knows(shown) == bool(answers)
        guess = table.guess(shown)
        assert guess is None if not answers else answers[guess] == max(answers.values())


def test_looking_something_up_notes_nothing():
    table = CountTable()
    assert table.guess("x") is None
    assert not table.knows("x")


@given(WORDS)
def test_every_word_but_the_first_and_the_last_has_two_neighbours(words):
    found = with_neighbours(words)
    assert [word for _, word, _ in found] == words[1:-1]
    assert [before for before, _, _ in found] == words[:-2]
    assert [after for _, _, after in found] == words[2:]


@given(st.lists(WORDS.map(tuple), max_size=6), st.integers(0, 3))
def test_a_pupil_looks_back_no_further_than_it_remembers(sentences, memory):
    answer = study(sentences, memory)
    beginning = ("c", "b", "a", "a")
    kept = beginning[len(beginning) - memory :]
    assert answer(("b", *beginning)) == answer(beginning)
    followed = Counter(
        words[place]
        for words in sentences
        for place in range(1, len(words))
        if tuple(words[max(0, place - memory) : place]) == kept
    )
    said = answer(beginning)
    assert said is None if not followed else followed[said] == max(followed.values())


def test_what_page_01_says_of_two_words_on_the_left():
    sentences = learnable_world().draw_different(3000, seed=0)
    places = [
        [(tuple(words[max(0, at - 2) : at]), words[at]) for at in range(1, len(words) - 1)]
        for words in sentences
    ]
    pupil = CountTable()
    for seen, word in chain(*places[:2000]):
        pupil.note(seen, word)
    exam = list(chain(*places[2000:]))
    assert round(100 * sum(pupil.guess(seen) == word for seen, word in exam) / len(exam)) == 62
    assert round(100 * sum(word == "the" for _, word in exam) / len(exam)) == 16
