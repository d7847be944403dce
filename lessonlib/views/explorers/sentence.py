"""The explorer: one sentence under three objectives, with sliders for masks and span."""

from collections.abc import Sequence

import ipywidgets as widgets

from lessonlib.samples import MASK, SENTENCE, causal, masked, span_corruption
from lessonlib.views.explorers.base import (
    Control,
    Explorer,
    cannot_draw,
    fold,
    move,
    range_slider,
    sentence_box,
    slider,
    switch,
    wide,
)
from lessonlib.views.explorers.layout import (
    gap_sizes,
    grid,
    in_order,
    largest_strip,
    listed,
    stacked,
    wanted_now,
)
from lessonlib.views.strips import strip
from lessonlib.views.tables import WORDS

MOST_MASKS = 8
MASKS, SPAN = (2, 5), (2, 5)  # at first


def causal_strip(tokens: Sequence[str]) -> str:
    """Draw the causal LM sample of `tokens` with its Python values, as HTML."""
    sample = causal(tokens)
    return strip(sample, WORDS("values.causal", inputs=sample.inputs, labels=sample.targets))


def masked_strip(tokens: Sequence[str], positions: Sequence[int]) -> str:
    """Draw the masked LM sample of `tokens` with its Python values, as HTML."""
    sample = masked(tokens, sorted(set(positions)))
    asked = zip(sample.targets, sample.loss_mask, strict=True)
    labels = {position: word for position, (word, counts) in enumerate(asked) if counts}
    return strip(sample, _masked_values(sample.inputs, labels))


def span_strip(tokens: Sequence[str], start: int, end: int) -> str:
    """Draw the span corruption sample of `tokens` with its Python values, as HTML."""
    sample = span_corruption(tokens, [(start, end)])
    return strip(sample, _span_values(range(start, end), sample.source, sample.targets))


def _masked_values(inputs: list[str], labels: dict[int, str]) -> str:
    return WORDS("values.masked", inputs=inputs, labels=labels)


def _span_values(hidden: Sequence[int], source: list[str], target: list[str]) -> str:
    return WORDS("values.span", hidden=listed(hidden), inputs=source, target=target)


def _masked_room(tokens: list[str]) -> str:
    longest = sorted(enumerate(tokens), key=lambda numbered: -len(numbered[1]))[:MOST_MASKS]
    inputs = [max(token, MASK, key=len) for token in tokens]
    values = _masked_values(inputs, dict(longest))
    return largest_strip(masked(tokens, [0]), [(0, len(tokens))], values)


def _span_room(tokens: list[str]) -> str:
    count, whole = len(tokens), span_corruption(tokens, [(0, len(tokens))])
    shortest = min(range(count), key=lambda at: len(tokens[at]))
    one = span_corruption(tokens, [(shortest, shortest + 1)])
    values = _span_values(range(count), one.source, whole.targets)
    return largest_strip(one, gap_sizes(count), values)


class SentenceExplorer(Explorer):
    """A text box, sliders for masks and span, and the three strips that follow them.

    The mask sliders stand in order, each on a token of its own: one that is moved pushes the
    others along. The span hides at least one token in the same way. What a learner set comes back
    after a shorter sentence. A sentence that cannot be drawn switches the sliders off.
    """

    def __init__(self, text: str) -> None:
        self.sentence = sentence_box(text)
        self._count = max(*MASKS, *SPAN) + 1  # words, if the sentence cannot be drawn
        self._wanted, self._wanted_span = [*MASKS], [*SPAN]
        self.how_many = slider("how_many_masks", len(MASKS), MOST_MASKS)
        self._sliders = [slider(f"mask {k + 1}", k, self._count) for k in range(MOST_MASKS)]
        for mask in self._sliders:
            mask.style, mask.layout = {"description_width": "4em"}, wide("100%")
        self.masks = widgets.Box()
        self.span = range_slider("span", SPAN, self._count)
        views = [widgets.HTML() for _ in range(5)]
        self.causal_view, self.masked_view, self.span_view, *self._rooms = views
        super().__init__(
            [self.sentence, self.how_many, *self._sliders, self.span],
            views[:3],
            [
                self.sentence,
                fold(WORDS("explorer.python_values")),
                stacked(self.causal_view, widgets.HTML()),
                grid([self.how_many, self.masks], "lesson-masks"),
                stacked(self.masked_view, self._rooms[0]),
                self.span,
                stacked(self.span_view, self._rooms[1]),
            ],
        )
        self.add_class("lesson-tall")

    @property
    def controls(self) -> Sequence[Control]:
        """The controls that are on the page now."""
        return [self.sentence, self.how_many, *self.masks.children, self.span]

    @property
    def tokens(self) -> list[str]:
        """The words of the sentence."""
        return self.sentence.value.split()

    @property
    def mask_positions(self) -> list[int]:
        """Where the mask sliders stand."""
        return [mask.value for mask in self.masks.children]

    def settle(self, moved: Control | None, old: object) -> None:
        """Keep masks and span in order, and within the sentence."""
        if moved is self.how_many:
            self._add_or_remove_masks()
        elif moved is self.span:
            now = self._place_span(moved.value, int(old[0] == moved.value[0]))
            self._wanted_span = wanted_now(self._wanted_span, old, now)
        elif moved in self.masks.children:
            now, at = self.mask_positions, self._sliders.index(moved)
            before = [*now[:at], old, *now[at + 1 :]]
            self._wanted = wanted_now(self._wanted, before, self._place_masks(now, at))
        elif moved in (None, self.sentence):
            self._fit()

    def draw(self, moved: Control | None) -> None:
        """Draw what the control that was moved has a part in."""
        tokens, problem = self.tokens, cannot_draw(self.tokens)
        anew = moved in (None, self.sentence)
        if anew:
            self.causal_view.value = problem or causal_strip(tokens)
            for room, draw in zip(self._rooms, (_masked_room, _span_room), strict=True):
                room.value = "" if problem else draw(tokens)
        if moved is not self.span:
            self.masked_view.value = "" if problem else masked_strip(tokens, self.mask_positions)
        if anew or moved is self.span:
            self.span_view.value = "" if problem else span_strip(tokens, *self.span.value)

    def _fit(self) -> None:
        """Let the sliders reach over the sentence, and no further."""
        problem = cannot_draw(self.tokens)
        self._count = self._count if problem else len(self.tokens)
        for control in (self.how_many, *self._sliders, self.span):
            switch(control, "" if problem else None)
        most = min(self._count, MOST_MASKS)
        move(self.how_many, most, min(len(self._wanted), most))
        self._place_masks(self._wanted[:most])
        self._place_span(self._wanted_span)

    def _add_or_remove_masks(self) -> None:
        positions, wanted = self.mask_positions[: self.how_many.value], self._wanted
        self._wanted = wanted[: len(positions)]
        while len(positions) < self.how_many.value:  # behind the last one, where there is room
            free = [at for at in range(self._count) if at not in positions]
            last = positions[-1] if positions else -1
            new = next((at for at in free if at > last), free[-1])
            positions = sorted([*positions, new])
            self._wanted.insert(positions.index(new), new)
        self._place_masks(positions)

    def _place_masks(self, positions: Sequence[int], moved: int = 0) -> list[int]:
        last = self._count - 1
        positions = in_order(positions, moved, [1] * (len(positions) - 1), last)
        for k, mask in enumerate(self._sliders):
            move(mask, last, positions[k] if k < len(positions) else min(mask.value, last))
        masks = tuple(self._sliders[: len(positions)])
        if masks != self.masks.children:
            self.masks.children = masks
        return positions

    def _place_span(self, ends: Sequence[int], moved: int = 0) -> list[int]:
        ends = in_order(ends, moved, [1], self._count)
        move(self.span, self._count, tuple(ends))
        return ends


def explore(text: str = SENTENCE) -> SentenceExplorer:
    """Show one sentence under causal LM, masked LM and span corruption at once."""
    return SentenceExplorer(text)
