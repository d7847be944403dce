"""An explorer for T5's noise: how much is hidden, in how long pieces, and where."""

from html import escape

import ipywidgets as widgets
import numpy as np

from lessonlib.batches import span_mask
from lessonlib.batches.spans import noise_counts
from lessonlib.samples.registry import BOTH
from lessonlib.views.explorers.base import Control, OneView, slider, wide
from lessonlib.views.figures import bars
from lessonlib.views.tables import WORDS

LENGTH, DRAWS, SEED = 20, 100, 0


def noise_picture(percent_hidden: int, mean_length: int, roll: bool) -> str:
    """Draw how often each position is hidden, and how long the hidden spans are, as HTML.

    `roll` says whether each text is turned round by a random offset.
    """
    rng = np.random.default_rng(SEED)
    density, mean = percent_hidden / 100, float(mean_length)
    masks = np.stack([span_mask(LENGTH, rng, density, mean, roll) for _ in range(DRAWS)])
    where = 100 * masks.mean(axis=0)
    lengths = np.bincount(_span_lengths(masks), minlength=2)[1:]
    hidden, spans = _counts(density, mean)
    asked = WORDS("noise.asked", percent=percent_hidden, mean=mean_length)
    tokens = WORDS("noise.tokens", count=hidden)
    made = WORDS("noise.made", count=spans, tokens=tokens)
    said = WORDS("noise.hidden", hidden=hidden, length=LENGTH, first=where[0], last=where[-1])
    sentences = [asked, made, *_without_effect(hidden, spans, mean_length)]
    return _page(" ".join(sentences), said, where, 100 * lengths / lengths.sum())


def _without_effect(hidden: int, spans: int, mean_length: int) -> list[str]:
    """Say where a control has no effect."""
    if spans == 1 and mean_length > hidden:
        return [WORDS("noise.no_larger")]
    if spans == LENGTH - hidden and round(hidden / mean_length) > spans:
        return [WORDS("noise.no_smaller")]
    return []


def _page(asked: str, said: str, where: np.ndarray, share: np.ndarray) -> str:
    parts = [
        WORDS("noise.share", share=value, count=length)
        for length, value in enumerate(share, 1)
        if value
    ]
    positions = WORDS("noise.where_alt", said=said)
    lengths = WORDS("noise.lengths_alt", shares=", ".join(parts))
    return (
        f'<section class="lesson-strip {BOTH}"><p>{escape(asked)}</p>'
        f"<p><strong>{escape(said)}</strong></p><p>{WORDS('noise.where')}</p>"
        + bars(where, [str(i) for i in range(LENGTH)], positions).html()
        + f"<p>{WORDS('noise.lengths')}</p>"
        + bars(share, [str(i + 1) for i in range(len(share))], lengths).html()
        + "</section>"
    )


def _room(*_: object) -> str:
    """Draw as much text as there can be."""
    longest = [WORDS("noise.asked", percent=80, mean=10), WORDS("noise.no_smaller")]
    said = WORDS("noise.hidden", hidden=16, length=LENGTH, first=100.0, last=100.0)
    made = WORDS("noise.made", count=10, tokens=WORDS("noise.tokens", count=10))
    return _page(" ".join([*longest, made]), said, np.full(LENGTH, 100.0), np.full(3, 30.0))


def explore_noise() -> OneView:
    """Show what T5's rule hides in texts of 20 tokens, over 100 draws."""
    mean_length = slider("mean_span_length", 3, 10, smallest=1)
    turned = WORDS("controls.turn_round")
    roll = widgets.Checkbox(value=False, description=turned, layout=wide())

    def unused(percent_hidden: int, mean: int, _: bool) -> dict[Control, str]:
        hidden, _ = _counts(percent_hidden / 100, float(mean))
        return {mean_length: WORDS("noise.one_token")} if hidden == 1 else {}

    controls = [slider("percent_hidden", 15, 80, smallest=5), mean_length, roll]
    return OneView(noise_picture, controls, _room, unused=unused)


def _counts(density: float, mean: float) -> tuple[int, int]:
    """Return how many tokens of each text are hidden, and in how many spans."""
    (hidden,), (spans,) = noise_counts(np.array([LENGTH]), density, mean)
    return int(hidden), int(spans)


def _span_lengths(masks: np.ndarray) -> np.ndarray:
    edges = np.diff(masks.astype(np.int8), prepend=0, append=0, axis=1)
    starts, ends = np.nonzero(edges.ravel() == 1)[0], np.nonzero(edges.ravel() == -1)[0]
    return ends - starts
