"""An explorer for T5's noise: how much is hidden, in how long pieces, and where."""

from html import escape

import ipywidgets as widgets
import numpy as np

from lessonlib.batches import span_mask
from lessonlib.batches.spans import noise_counts
from lessonlib.samples.registry import BOTH
from lessonlib.views.explorers.base import Control, Explorer, slider, wide
from lessonlib.views.explorers.layout import grid
from lessonlib.views.figures import bars
from lessonlib.views.tables import WORDS

LENGTH, DRAWS, SEED = 20, 100, 0


def noise_picture(percent_hidden: int, mean_length: int, roll: bool) -> str:
    """Draw where and how long texts are hidden, as HTML; `roll` moves the gaps on."""
    rng = np.random.default_rng(SEED)
    density, mean = percent_hidden / 100, float(mean_length)
    masks = np.stack([span_mask(LENGTH, rng, density, mean, roll) for _ in range(DRAWS)])
    where = 100 * masks.mean(axis=0)
    edges = np.diff(masks.astype(np.int8), prepend=0, append=0, axis=1).ravel()
    lengths = np.bincount(np.nonzero(edges == -1)[0] - np.nonzero(edges == 1)[0], minlength=2)[1:]
    hidden, spans = _counts(percent_hidden, mean_length)
    asked = [WORDS("noise.asked", percent=percent_hidden, mean=mean_length)]
    asked.append(WORDS("noise.made", count=spans, tokens=WORDS("noise.tokens", count=hidden)))
    if spans == 1 and mean_length > hidden:
        asked.append(WORDS("noise.no_larger"))
    elif spans == LENGTH - hidden and round(hidden / mean_length) > spans:
        asked.append(WORDS("noise.no_smaller"))
    said = WORDS("noise.hidden", hidden=hidden, length=LENGTH, first=where[0], last=where[-1])
    return _page(" ".join(asked), said, where, 100 * lengths / lengths.sum())


def _page(asked: str, said: str, where: np.ndarray, share: np.ndarray) -> str:
    known = [(value, length) for length, value in enumerate(share, 1) if value]
    shares = ", ".join(WORDS("noise.share", share=value, count=length) for value, length in known)
    positions = bars(where, [*map(str, range(LENGTH))], WORDS("noise.where_alt", said=said))
    counted = [str(length) for length in range(1, len(share) + 1)]
    lengths = bars(share, counted, WORDS("noise.lengths_alt", shares=shares))
    return (
        f'<section class="lesson-strip {BOTH}"><p>{escape(asked)}</p>'
        f"<p><strong>{escape(said)}</strong></p><p>{WORDS('noise.where')}</p>{positions.html()}"
        f"<p>{WORDS('noise.lengths')}</p>{lengths.html()}</section>"
    )


def _room(*_: object) -> str:
    """Draw as much text as there can be."""
    longest = [WORDS("noise.asked", percent=80, mean=10), WORDS("noise.no_smaller")]
    said = WORDS("noise.hidden", hidden=16, length=LENGTH, first=100.0, last=100.0)
    made = WORDS("noise.made", count=10, tokens=WORDS("noise.tokens", count=10))
    return _page(" ".join([*longest, made]), said, np.full(LENGTH, 100.0), np.full(3, 30.0))


def _counts(percent_hidden: int, mean_length: int) -> tuple[int, int]:
    """Return how many tokens of each text are hidden, and in how many spans."""
    counts = noise_counts(np.array([LENGTH]), percent_hidden / 100, float(mean_length))
    return tuple(int(count) for (count,) in counts)


def explore_noise() -> Explorer:
    """Show what T5's rule hides in texts of 20 tokens, over 100 draws."""
    mean_length = slider("mean_span_length", 3, 10, smallest=1)
    turned = WORDS("controls.turn_round")
    roll = widgets.Checkbox(value=False, description=turned, layout=wide())

    def unused(percent_hidden: int, mean_length_now: int, _: bool) -> dict[Control, str]:
        one = _counts(percent_hidden, mean_length_now)[0] == 1
        return {mean_length: WORDS("noise.one_token")} if one else {}

    controls = [slider("percent_hidden", 15, 80, smallest=5), mean_length, roll]
    return Explorer(controls, [(noise_picture, _room)], [[grid(controls)]], unused)
