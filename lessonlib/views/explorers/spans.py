"""Explorers for several gaps: T5's numbered sentinels, BART's masks, UL2's modes."""

from collections.abc import Sequence
from itertools import pairwise

from lessonlib.samples import SENTENCE, span_corruption, text_infilling, ul2
from lessonlib.views.explorers.base import OneSentence, choice, range_slider
from lessonlib.views.explorers.layout import largest_strip, listed
from lessonlib.views.strips import message, strip

Span = tuple[int, int]

OVERLAP = "The two gaps overlap. Move them apart: a token can be in one gap only."
CLOSED = (
    "A gap is closed: it hides nothing. T5 leaves it out and asks nothing there; BART still reads "
    "a mask, and must learn that nothing is missing."
)
TOUCH = "The two gaps touch. T5 makes them one; BART keeps a mask for each."
TO_THE_END = (
    "In mode S something is read first, and all the rest is hidden: of the gap only its start "
    "counts, its end plays no part."
)

RESTORE_SHORT = "R: short gaps"
RESTORE_LONG = "X: long or many gaps"
CONTINUE = "S: the end is missing"


def spans_strips(tokens: Sequence[str], *spans: Span) -> str:
    """Draw the same gaps as T5 and as BART ask for them; an empty gap is left out for T5.

    Gaps are taken from left to right, whichever slider they come from.
    """
    ordered = sorted(spans)
    if any(left[1] > right[0] for left, right in pairwise(ordered)):
        return message(OVERLAP)
    filled = [span for span in ordered if span[0] < span[1]]
    hidden = [position for span in filled for position in range(*span)]
    said = [f"Hidden: {listed(hidden)}."]
    if len(filled) < len(ordered):
        said.append(CLOSED)
    elif any(left[1] == right[0] for left, right in pairwise(filled)):
        said.append(TOUCH)
    drawn = [strip(span_corruption(tokens, filled)), strip(text_infilling(tokens, ordered))]
    return "".join([*drawn, message(" ".join(said))])


def _spans_room(tokens: Sequence[str], *spans: Span) -> str:
    count, most = len(tokens), len(spans)
    sizes = [
        (count - hidden + gaps, hidden + gaps + 1)
        for gaps in range(1, most + 1)
        for hidden in range(gaps, count - gaps + 2)
    ]
    gap = [(0, 1)]
    repaired = largest_strip(span_corruption(tokens, gap), sizes)
    written = largest_strip(text_infilling(tokens, gap), [(count + most, count)])
    return repaired + written + message(f"Hidden: {listed(range(count))}. {CLOSED}")


def denoiser_strip(tokens: Sequence[str], mode: str, span: Span) -> str:
    """Draw the sample of one of UL2's denoisers; mode S hides everything from the start on."""
    start, end = span
    if mode == CONTINUE:
        start, end = max(start, 1), len(tokens)
    said = [f"Hidden: {listed(range(start, end))}.", *[TO_THE_END] * (mode == CONTINUE)]
    return strip(ul2(tokens, mode[0], [(start, end)])) + message(" ".join(said))


def _denoiser_room(tokens: Sequence[str], mode: str, _: Span) -> str:
    count = len(tokens)
    if mode == CONTINUE:
        sizes = [(1 + start, count - start) for start in range(1, count)]
    else:
        sizes = [(2 + count - hidden, hidden + 2) for hidden in range(1, count + 1)]
    sample = ul2(tokens, mode[0], [(1, count)])
    return largest_strip(sample, sizes) + message(f"Hidden: {listed(range(count))}. {TO_THE_END}")


def explore_spans(text: str = SENTENCE) -> OneSentence:
    """Show two gaps in a sentence, once as T5 asks for them and once as BART does.

    Parameters
    ----------
    text : str
        A sentence; it can be changed on the page.

    Returns
    -------
    OneSentence
        A widget; the last line of a cell shows it.
    """
    gaps = {range_slider("gap 1", (1, 2), 8): 0, range_slider("gap 2", (4, 7), 8): 0}
    return OneSentence(spans_strips, text, gaps, _spans_room, may_close=True)


def explore_denoisers(text: str = SENTENCE) -> OneSentence:
    """Show the three kinds of practice that UL2 mixes.

    Parameters
    ----------
    text : str
        A sentence; it can be changed on the page.

    Returns
    -------
    OneSentence
        A widget; the last line of a cell shows it.
    """
    mode = choice("mode", [RESTORE_SHORT, RESTORE_LONG, CONTINUE])
    gap = {range_slider("gap", (3, 5), 8): 0}
    return OneSentence(denoiser_strip, text, gap, _denoiser_room, [mode])
