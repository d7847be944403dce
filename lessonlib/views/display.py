"""Show samples in a notebook, so that the page also reads without styles and without a browser."""

from collections.abc import Sequence

from lessonlib.checks import instance
from lessonlib.samples import Sample
from lessonlib.styles import STYLE
from lessonlib.views.strips import strip, text_strip
from lessonlib.words import Words

WORDS = Words("views")


class Strips:
    """Samples drawn one below the other; the last line of a cell shows them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples

    def _repr_html_(self) -> str:
        return STYLE + "\n".join(map(strip, self._samples))

    def __repr__(self) -> str:
        return "\n\n".join(map(text_strip, self._samples))


def show(*samples: Sample) -> Strips:
    """Draw one or more samples as token strips, in a notebook or, aligned, as text.

    Parameters
    ----------
    *samples : Sample
        Samples of any objective, drawn in this order.

    Returns
    -------
    Strips
        Shows itself as HTML in a notebook and as aligned text anywhere else.
    """
    for sample in samples:
        instance(sample, "sample", Sample, WORDS("errors.a_sample"))
    return Strips(samples)
