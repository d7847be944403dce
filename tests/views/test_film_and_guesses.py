"""Frames of training and use, and bars for guesses: what they show is what the builders say."""

import pytest

from lessonlib.views.film import OWN, frames, training_and_use
from lessonlib.views.guesses import MOST, guesses_picture
from lessonlib.views.strips import NO_QUESTION
from lessonlib.views.tables import WORDS
from lessonlib.worlds import learnable_world

TEXT = WORDS("film.text").split()


def test_in_use_there_is_no_marker_in_what_is_given():
    given = [words for rows in frames().values() for name, words in rows if "uses_" in name]
    assert TEXT in given
    assert all(words in (TEXT, [NO_QUESTION] * len(TEXT)) for words in given)


def test_each_step_of_writing_reads_what_was_said_before_and_says_one_word_more():
    rows = dict(frames()["causal"])
    first, second = rows["step_1_says"], rows["step_2_reads"]
    assert second == [*rows["step_1_reads"], first[-1] + OWN]
    said = [word for name in ("step_1_says", "step_2_says") for word in rows[name]]
    assert [word for word in said if word != NO_QUESTION] == TEXT[2:4]


def test_the_frames_read_as_text_too():
    film = training_and_use()
    assert all(word in repr(film) for word in (*TEXT, "[MASK]", "<extra_id_0>", "reads*"))
    assert film._repr_html_().count("<section") == len(frames())


def test_each_step_is_a_frame_of_its_own_that_ends_with_what_is_said_if_anything_is():
    drawn = training_and_use()._repr_html_()
    assert drawn.count("<table") == 3 + 2 + 3
    for rows in frames().values():
        steps = [name.rpartition("_")[0] for name, _ in rows]
        assert steps == sorted(steps, key=steps.index)


@pytest.mark.parametrize("count", [1, MOST, MOST + 3])
def test_bars_are_the_likeliest_answers_and_the_rest_is_counted(count):
    shares = {f"w{n}": (n + 1) / sum(range(1, count + 1)) for n in range(count)}
    picture = guesses_picture({"a ___ b": shares})
    kept = sorted(shares, key=shares.get)[-MOST:]
    assert all((f"{word} " in picture.alt) is (word in kept) for word in shares)
    assert (f"and {count - MOST} more" in picture.svg) is (count > MOST)


def test_the_more_is_in_view_the_fewer_answers_are_left():
    oracle, left = learnable_world().oracle, ["the", "teacher"]
    right = ["a", "letter", "to", "the", "writer", "."]
    left_over = []
    for count in range(len(right) + 1):
        shown = [*left, None, *right[:count], *[None] * (len(right) - count)]
        left_over.append(len(oracle.blanks(shown)[0]))
    assert left_over == sorted(left_over, reverse=True)
    assert left_over[0] > left_over[-1]
