"""Frames of training and use, and bars for guesses: what they show is what the builders say."""

import pytest

from lessonlib.samples import causal, masked, span_corruption
from lessonlib.views.film import FRAMES, training_and_use
from lessonlib.views.guesses import MOST, guesses_picture
from lessonlib.worlds import learnable_world

TEXT = "the teacher reads a letter".split()


def frame(route, name):
    return dict(FRAMES[route])[name].split()


def test_what_is_trained_is_what_the_builders_make():
    one, blanks, hole = causal(TEXT), masked(TEXT, [1, 4]), span_corruption(TEXT, [(1, 4)])
    assert (frame("causal", "trains_reads"), frame("causal", "trains_says")) == (
        one.inputs,
        one.targets,
    )
    asked = zip(blanks.targets, blanks.loss_mask, strict=True)
    assert frame("masked", "trains_reads") == blanks.inputs
    assert frame("masked", "trains_says") == [word if counts else "·" for word, counts in asked]
    assert frame("span_corruption", "trains_source") == hole.source
    assert frame("span_corruption", "trains_says") == hole.targets


def test_in_use_there_is_no_marker_in_what_is_given():
    for route in FRAMES:
        for name, words in FRAMES[route]:
            if name in ("uses_reads", "uses_source"):
                assert words.split() == TEXT


def test_the_frames_read_as_text_too():
    film = training_and_use()
    assert all(word in repr(film) for word in (*TEXT, "[MASK]", "<extra_id_0>", "reads*"))
    assert film._repr_html_().count("<table") == len(FRAMES)


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
