"""Short melodies of tones, with captions and an exact answer key.

A melody has one to four notes. A note is low, middle or high, and is played by a flute (a pure
tone) or a buzzer (a tone with overtones).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.words import Words

SAID = Words("worlds")

HEIGHTS = {"low": 250.0, "middle": 500.0, "high": 750.0}  # frequencies in hertz

#: Strengths of the tone itself, of the tone at twice its frequency, and so on.
VOICES = {"flute": (1.0,), "buzzer": (0.5, 0.35, 0.25)}

COUNTS = ("one", "two", "three", "four")
MOVES = ("rising", "falling")
#: All words of the captions.
WORDS = (*COUNTS, "note", "notes", "a", "then", *HEIGHTS, *VOICES, *MOVES, "melody")

MOST_NOTES = 4
RATE = 6000  # numbers in a second of sound

NOTE = 960  # numbers in a note: 0.16 seconds
WINDOW = 120  # numbers looked at together, one column of the spectrogram: 50 hertz apart
BINS = 48  # rows of the spectrogram, from 0 to 2400 hertz less one step
PATCH = 4  # columns in a patch: half a note

Caption = tuple[str, ...]
Sound = NDArray[np.floating]


@dataclass(frozen=True)
class Note:
    """One note."""

    height: str  # a key of `HEIGHTS`
    voice: str  # a key of `VOICES`

    def __post_init__(self) -> None:
        checks.one_of(self.height, "height", HEIGHTS)
        checks.one_of(self.voice, "voice", VOICES)


Melody = tuple[Note, ...]


def play(melody: Sequence[Note]) -> Sound:
    """Make the sound of a melody of one to four notes: `RATE` numbers a second, -1..1, (3840,).

    Behind the last note is silence.
    """
    melody = _checked_melody(melody)
    seconds = np.arange(NOTE) / RATE
    swell = np.sin(np.pi * np.arange(NOTE) / NOTE) ** 0.5  # no clicks where notes begin and end
    sound = np.zeros(MOST_NOTES * NOTE)
    for place, note in enumerate(melody):
        tone = sum(
            strength * np.sin(2 * np.pi * HEIGHTS[note.height] * overtone * seconds)
            for overtone, strength in enumerate(VOICES[note.voice], 1)
        )
        sound[place * NOTE : (place + 1) * NOTE] = 0.9 * swell * tone
    return sound


def spectrogram(sound: Sound) -> NDArray[np.float32]:
    """Say how strong each pitch is at each time: from a sound to (48, 32), float32.

    Pitch from low to high, time from left to right; 0 is silence, 1 a pure loud tone.
    """
    checks.floats(sound, "sound", (MOST_NOTES * NOTE,), "play(melody)")
    pieces = sound.reshape(-1, WINDOW) * np.hanning(WINDOW)
    strength = np.abs(np.fft.rfft(pieces, axis=1))[:, :BINS].T
    return (strength / (WINDOW / 4)).astype(np.float32)


def to_patches(heard: NDArray[np.floating]) -> NDArray[np.float32]:
    """Cut a spectrogram into slices of time, each as one list of numbers: (8, 192), float32.

    Source: Gong et al. 2021, "AST: Audio Spectrogram Transformer", which cuts square patches
    instead.
    """
    columns = MOST_NOTES * NOTE // WINDOW
    checks.floats(heard, "heard", (BINS, columns), "spectrogram(sound)")
    slices = heard.reshape(BINS, columns // PATCH, PATCH).swapaxes(0, 1)
    return slices.reshape(columns // PATCH, -1).astype(np.float32)


def right_captions(melody: Sequence[Note]) -> list[Caption]:
    """List every caption that is true of a melody, each once."""
    melody = _checked_melody(melody)
    sizes = range(1, len(melody) + 1)
    told = [_told(part) for size in sizes for part in combinations(melody, size)]
    counted = (COUNTS[len(melody) - 1], "note" if len(melody) == 1 else "notes")
    moves = [("a", move, "melody") for move in MOVES if _moves(melody, move)]
    return list(dict.fromkeys([*told, counted, *moves]))


def _told(notes: Sequence[Note]) -> Caption:
    phrases = [("a", note.height, note.voice) for note in notes]
    return tuple(word for k, phrase in enumerate(phrases) for word in ("then", *phrase)[k == 0 :])


def _moves(melody: Melody, move: str) -> bool:
    steps = [HEIGHTS[b.height] - HEIGHTS[a.height] for a, b in pairwise(melody)]
    return bool(steps) and all((step > 0) if move == "rising" else (step < 0) for step in steps)


def _checked_melody(melody: Any) -> Melody:
    notes = checks.members(melody, "melody", SAID("melody.notes"))
    for index, note in enumerate(notes):
        checks.instance(note, f"melody[{index}]", Note, "Note(...)")
    if not 1 <= len(notes) <= MOST_NOTES:
        raise ValueError(SAID("melody.number", most=MOST_NOTES, given=len(notes)))
    return tuple(notes)
