"""Explorers for what is read and what is written: T5's and BART's gaps, UL2's modes, a prefix."""

from collections.abc import Sequence
from itertools import pairwise

from lessonlib.samples import SENTENCE, prefix_lm, span_corruption, text_infilling, ul2
from lessonlib.samples.registry import BOTH
from lessonlib.views.explorers.base import Control, OneSentence, choice, range_slider, slider
from lessonlib.views.explorers.layout import gap_sizes, largest_strip, listed
from lessonlib.views.strips import message, strip
from lessonlib.views.tables import WORDS

Span = tuple[int, int]

_LETTERS = {WORDS(f"spans.mode_{letter}"): letter for letter in "RXS"}
RESTORE_SHORT, RESTORE_LONG, CONTINUE = _LETTERS


def spans_strips(tokens: Sequence[str], *spans: Span) -> str:
    """Draw the same gaps, from left to right, as T5 asks for them (no empty ones), and as BART."""
    ordered = sorted(spans)
    if any(left[1] > right[0] for left, right in pairwise(ordered)):
        return message(WORDS("spans.overlap"))
    filled = [span for span in ordered if span[0] < span[1]]
    touch = any(left[1] == right[0] for left, right in pairwise(filled))
    more = ["closed"] if len(filled) < len(ordered) else ["touch"] * touch
    said = _said([position for span in filled for position in range(*span)], *more)
    drawn = [strip(span_corruption(tokens, filled)), strip(text_infilling(tokens, ordered))]
    return "".join([*drawn, said])


def _spans_room(tokens: Sequence[str], *spans: Span) -> str:
    count, most, gap = len(tokens), len(spans), [(0, 1)]
    repaired = largest_strip(span_corruption(tokens, gap), gap_sizes(count, most))
    written = largest_strip(text_infilling(tokens, gap), [(count + most, count)])
    return repaired + written + _said(range(count), "closed")


def denoiser_strip(tokens: Sequence[str], mode: str, span: Span) -> str:
    """Draw the sample of one of UL2's denoisers; mode S hides everything from the start on."""
    start, end = span
    if mode == CONTINUE:
        start, end = max(start, 1), len(tokens)
    said = _said(range(start, end), *["to_the_end"] * (mode == CONTINUE))
    return strip(ul2(tokens, _LETTERS[mode], [(start, end)])) + said


def _denoiser_room(tokens: Sequence[str], mode: str, _: Span) -> str:
    count = len(tokens)
    if mode == CONTINUE:
        sizes = [(1 + start, count - start) for start in range(1, count)]
    else:
        sizes = [(source + 1, steps) for source, steps in gap_sizes(count)]  # the mode is read, too
    sample = ul2(tokens, _LETTERS[mode], [(1, count)])
    return largest_strip(sample, sizes) + _said(range(count), "to_the_end")


def _said(hidden: Sequence[int], *more: str) -> str:
    """Say which tokens are hidden, and more about it by name."""
    sentences = [WORDS("spans.hidden", positions=listed(hidden))]
    return message(" ".join([*sentences, *(WORDS(f"spans.{name}") for name in more)]))


class _DenoiserExplorer(OneSentence):
    """In mode S the gap has one end to move: the other one stays at the end of the sentence."""

    def __init__(self, text: str) -> None:
        self._mode = choice("mode", list(_LETTERS))
        self._gap = range_slider("one_gap", (3, 5), 8)
        views = [(denoiser_strip, _denoiser_room)]
        super().__init__(text, views, {self._gap: int}, [self._mode])

    def aimed(self, slider: Control, count: int) -> Span:
        """Return where the gap shall stand."""
        start, end = super().aimed(slider, count)
        return (max(start, 1), count) if self._mode.value == CONTINUE else (start, end)

    def fit(self) -> None:
        """Put the gap in its place, and take away the end that cannot be moved."""
        continues = self._mode.value == CONTINUE
        (self._gap.add_class if continues else self._gap.remove_class)("lesson-to-the-end")
        super().fit()

    def remember(self, slider: Control, old: Span) -> None:
        """Note where the ends were put that can be moved."""
        if self._mode.value != CONTINUE:
            super().remember(slider, old)
        elif slider.value[0] != old[0]:
            self._wanted[slider] = (slider.value[0], self._wanted[slider][1])
        self.fit()


def explore_spans(text: str = SENTENCE) -> OneSentence:
    """Show two gaps in a sentence, once as T5 asks for them and once as BART does."""
    gaps = {range_slider("gap 1", (1, 2), 8): int, range_slider("gap 2", (4, 7), 8): int}
    return OneSentence(text, [(spans_strips, _spans_room)], gaps, may_close=True)


def explore_denoisers(text: str = SENTENCE) -> OneSentence:
    """Show the three kinds of practice that UL2 mixes."""
    return _DenoiserExplorer(text)


def prefix_strip(tokens: Sequence[str], split: int) -> str:
    """Draw the prefix LM sample in both its forms: one stack, or encoder and decoder."""
    return strip(prefix_lm(tokens, split)) + strip(prefix_lm(tokens, split, architecture=BOTH))


def _prefix_room(tokens: Sequence[str], split: int) -> str:
    count = len(tokens)
    sizes = [(split, count - split) for split in range(1, count)]
    two_stacks = largest_strip(prefix_lm(tokens, split, architecture=BOTH), sizes)
    return largest_strip(prefix_lm(tokens, split), [(0, count - 1)]) + two_stacks


def explore_prefix(text: str = SENTENCE) -> OneSentence:
    """Show a prefix LM sample with a slider for the length of the prefix."""
    reach = {slider("prefix_length", 3, 7, smallest=1): lambda count: count - 1}
    return OneSentence(text, [(prefix_strip, _prefix_room)], reach)
