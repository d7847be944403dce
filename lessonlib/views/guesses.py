"""How a guess sharpens: the answers that are left as more of the text comes into view."""

from collections.abc import Mapping

from lessonlib.samples.registry import ENCODER
from lessonlib.views.drawing import GREY, Picture, rect, svg, text, width_of
from lessonlib.views.figures import COLOURS
from lessonlib.views.tables import WORDS

LINE, GAP, SCALE, MOST = (
    20,
    14,
    220,
    5,
)  # a bar's height, between texts, width of 100 %, bars a text


def guesses_picture(guesses: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw the likeliest answers to each text, from one text to the next.

    From each text, with its blank, to the probability of every word that fits.
    """
    names = {word for answers in guesses.values() for word in _likeliest(answers)}
    left = 24 + round(max(width_of(word, 13) for word in names))
    parts, y, said = [], 8, []
    for shown, answers in guesses.items():
        parts.append(text(12, y + 14, shown, font_weight=600))
        y += LINE + 2
        for word, share in _likeliest(answers).items():
            parts += [
                text(left - 8, y + 13, word, "end"),
                rect(left, y + 2, max(SCALE * share, 1), LINE - 6, fill=COLOURS[ENCODER]),
                text(left + SCALE * share + 6, y + 13, f"{share:.0%}", size=12, fill=GREY),
            ]
            y += LINE
        if len(answers) > MOST:
            parts.append(
                text(left, y + 12, WORDS("guesses.more", count=len(answers) - MOST), size=12)
            )
            y += LINE
        y += GAP
        told = ", ".join(f"{word} {share:.0%}" for word, share in _likeliest(answers).items())
        said.append(WORDS("guesses.text", shown=shown, answers=told))
    widest = max(width_of(shown, 13) for shown in guesses)
    alt = WORDS("guesses.alt", texts=" ".join(said))
    return Picture(svg(round(max(widest + 30, left + SCALE + 70)), y, *parts), alt)


def _likeliest(answers: Mapping[str, float]) -> dict[str, float]:
    ordered = sorted(answers.items(), key=lambda answer: -answer[1])
    return dict(ordered[:MOST])
