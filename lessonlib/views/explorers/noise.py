"""An explorer for T5's noise: how much is hidden, in how long pieces, and where."""

import ipywidgets as widgets
import numpy as np

from lessonlib.batches import span_mask
from lessonlib.batches.spans import noise_counts
from lessonlib.checks import counted
from lessonlib.views.charts import bars
from lessonlib.views.explorers.base import OneView, slider, wide

LENGTH, DRAWS, SEED = 20, 100, 0
ONE_TOKEN = "The mean span length plays no part here: one hidden token makes one span."


def noise_picture(percent_hidden: int, mean_length: int, roll: bool) -> str:
    """Draw how often each position is hidden, and how long the hidden spans are, as HTML.

    Parameters
    ----------
    percent_hidden : int
        Noise density in percent, 1..99.
    mean_length : int
        Mean span length in tokens.
    roll : bool
        Whether each text is turned round by a random offset.
    """
    rng = np.random.default_rng(SEED)
    density, mean = percent_hidden / 100, float(mean_length)
    masks = np.stack([span_mask(LENGTH, rng, density, mean, roll) for _ in range(DRAWS)])
    where = 100 * masks.mean(axis=0)
    lengths = np.bincount(_span_lengths(masks), minlength=2)[1:]
    first, last = f"{where[0]:.0f} %", f"{where[-1]:.0f} %"
    (hidden,), (spans,) = noise_counts(np.array([LENGTH]), density, mean)
    asked = (
        f"You asked for {percent_hidden} % hidden, in spans of {mean_length} on average. "
        f"{_what_comes_out(hidden, spans, mean_length)}"
    )
    said = (
        f"{hidden} of {LENGTH} tokens hidden in each text. "
        f"The first token is hidden in {first} of the texts, the last one in {last}."
    )
    return _page(asked, said, where, 100 * lengths / lengths.sum())


def _what_comes_out(hidden: int, spans: int, mean_length: int) -> str:
    """Say how many spans that makes, and where a control has no effect."""
    made = f"That makes {counted(hidden, 'token')} in {counted(spans, 'span')}."
    if spans == 1 and mean_length > hidden:
        return f"{made} It cannot be longer than that: a larger mean changes nothing."
    if spans == LENGTH - hidden and round(hidden / mean_length) > spans:
        return f"{made} Between two spans a token is kept: a smaller mean changes nothing."
    return made


def _page(asked: str, said: str, where: np.ndarray, share: np.ndarray) -> str:
    return (
        '<section class="lesson-strip encoder-decoder">'
        f"<p>{asked}</p>"
        f"<p><strong>{said}</strong></p><p>How often each position is hidden:</p>"
        + bars(where, [str(i) for i in range(LENGTH)], f"How often each position is hidden. {said}")
        + "<p>How long the hidden spans are, in tokens:</p>"
        + bars(share, [str(i + 1) for i in range(len(share))], _lengths_said(share))
        + "</section>"
    )


def _room(*_: object) -> str:
    asked = f"{'You asked for some %, in spans of a mean length. ' * 3}{'That is all. ' * 3}"
    said = f"{'Some of the tokens hidden in each text. ' * 3}"
    return _page(asked, said, np.full(LENGTH, 100.0), np.full(3, 30.0))


def explore_noise() -> OneView:
    """Show what T5's rule hides in texts of 20 tokens, over 100 draws.

    Returns
    -------
    OneView
        A widget; the last line of a cell shows it.
    """
    roll = widgets.Checkbox(value=False, description="turn each text round", layout=wide())
    controls = [
        slider("percent hidden", 15, 80, smallest=5),
        slider("mean span length", 3, 10, smallest=1),
        roll,
    ]

    def unused(percent_hidden: int, mean_length: int, _: bool) -> dict[widgets.IntSlider, str]:
        (hidden,), _ = noise_counts(np.array([LENGTH]), percent_hidden / 100, float(mean_length))
        return {controls[1]: ONE_TOKEN} if hidden == 1 else {}

    return OneView(noise_picture, controls, _room, unused=unused)


def _span_lengths(masks: np.ndarray) -> np.ndarray:
    edges = np.diff(masks.astype(np.int8), prepend=0, append=0, axis=1)
    starts, ends = np.nonzero(edges.ravel() == 1)[0], np.nonzero(edges.ravel() == -1)[0]
    return ends - starts


def _lengths_said(share: np.ndarray) -> str:
    parts = [f"{value:.0f} % are {length} long" for length, value in enumerate(share, 1) if value]
    return f"Lengths of the hidden spans: {', '.join(parts)}."
