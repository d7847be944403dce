"""The sound world: its key against brute force, what is heard, and bad input."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.worlds.sounds import (
    COUNTS,
    HEIGHTS,
    MOST_NOTES,
    MOVES,
    VOICES,
    WORDS,
    Note,
    play,
    right_captions,
    spectrogram,
    to_patches,
)

notes = st.builds(Note, st.sampled_from(list(HEIGHTS)), st.sampled_from(list(VOICES)))
melodies = st.lists(notes, min_size=1, max_size=MOST_NOTES)
EXAMPLE = [Note("low", "flute"), Note("middle", "buzzer"), Note("high", "flute")]


def every_caption():
    notes = [f"a {height} {voice}" for height, voice in product(HEIGHTS, VOICES)]
    for size in (1, 2, 3, 4):
        yield from (" then ".join(chosen) for chosen in product(notes, repeat=size))
    yield from (f"{count} note{'s' if count != 'one' else ''}" for count in COUNTS)
    yield from (f"a {move} melody" for move in MOVES)


def is_true(caption, melody):
    """Say whether a caption of the grammar is true: the key, by another way."""
    words = caption.split()
    if words[0] in COUNTS:
        return COUNTS[len(melody) - 1] == words[0]
    if words[-1] == "melody":
        heights = [HEIGHTS[note.height] for note in melody]
        wanted = sorted(set(heights), reverse=words[1] == "falling")
        return len(melody) > 1 and heights == wanted
    told = [tuple(phrase.split()[1:]) for phrase in caption.split(" then ")]
    heard = [(note.height, note.voice) for note in melody]
    return told in [list(part) for part in combinations(heard, len(told))]


@given(melodies)
@settings(max_examples=4, deadline=None)
def test_the_listed_captions_are_all_that_are_true_in_the_grammar(melody):
    listed = [" ".join(caption) for caption in right_captions(melody)]
    assert len(set(listed)) == len(listed)
    assert {caption for caption in every_caption() if is_true(caption, melody)} == set(listed)
    assert {word for caption in listed for word in caption.split()} <= set(WORDS)


def test_some_captions():
    listed = {" ".join(caption) for caption in right_captions(EXAMPLE)}
    assert {"a low flute then a high flute", "a rising melody", "three notes"} <= listed
    assert not {"a high flute then a low flute", "a low flute then a low flute"} & listed


@given(melodies)
@settings(max_examples=30, deadline=None)
def test_the_loudest_pitch_is_that_of_the_note_and_buzzers_have_overtones(melody):
    heard = spectrogram(play(melody))
    columns = np.split(heard, 4, axis=1)
    for column, note in zip(columns, melody, strict=False):
        strength = column.mean(axis=1)
        assert 50 * strength.argmax() == HEIGHTS[note.height]
        overtone = strength[int(2 * HEIGHTS[note.height] / 50)]
        assert (overtone > 0.1) == (note.voice == "buzzer")
    for silence in columns[len(melody) :]:
        assert not silence.any()


def test_patches_are_slices_of_time():
    heard = spectrogram(play(EXAMPLE))
    patches = to_patches(heard)
    assert patches.shape == (8, 192)
    for k, patch in enumerate(patches):
        np.testing.assert_array_equal(patch.reshape(48, 4), heard[:, 4 * k : 4 * k + 4])
    assert not patches[6:].any()
    assert np.abs(play(EXAMPLE)).max() <= 1


def test_different_melodies_sound_different():
    notes = [Note(height, voice) for height, voice in product(HEIGHTS, VOICES)]
    heard = {to_patches(spectrogram(play(pair))).tobytes() for pair in product(notes, repeat=2)}
    assert len(heard) == len(notes) ** 2


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: Note("deep", "flute"), ValueError, "deep.*unknown.*low"),
        (lambda: Note("low", "drum"), ValueError, "drum.*unknown.*buzzer"),
        (lambda: play([]), ValueError, "1 to 4 notes, not 0"),
        (lambda: play(EXAMPLE * 2), ValueError, "not 6"),
        (lambda: play(["low flute"]), TypeError, "low flute.*Note"),
        (lambda: spectrogram([0.0]), TypeError, "list"),
        (lambda: spectrogram(np.zeros(3)), ValueError, r"shape \(3,\)"),
        (lambda: to_patches(np.zeros((48, 32), int)), TypeError, "int64"),
        (lambda: to_patches(np.zeros((32, 48))), ValueError, r"shape \(32, 48\)"),
        (lambda: to_patches(np.full((48, 32), np.inf)), ValueError, r"heard\[0, 0\] is inf"),
        (lambda: spectrogram(play(EXAMPLE) * np.nan), ValueError, r"sound\[0\] is nan"),
    ],
)
def test_bad_input_is_named(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()
