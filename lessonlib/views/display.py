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
    """Draw samples of any objective as token strips, or as aligned text outside of notebooks."""
    for sample in samples:
        instance(sample, "sample", Sample, WORDS("errors.a_sample"))
    return Strips(samples)
