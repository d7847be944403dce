"""The explorer: one sentence under three objectives, with sliders for masks and span."""

from collections.abc import Sequence

import ipywidgets as widgets

from lessonlib.pieces import Tokenizer
from lessonlib.samples import MASK, SENTENCE, causal, masked, span_corruption
from lessonlib.views.explorers import base, layout
from lessonlib.views.strips import strip
from lessonlib.views.tables import WORDS

MOST_MASKS = 8
MASKS, SPAN = (2, 5), (2, 5)  # at first
AS_WORDS, AS_PIECES = WORDS("pieces.as_words"), WORDS("pieces.as_pieces")


def causal_strip(tokens: Sequence[str]) -> str:
    """Draw the causal LM sample of `tokens` with its Python values, as HTML."""
    sample = causal(tokens)
    return strip(sample, WORDS("values.causal", inputs=sample.inputs, labels=sample.targets))


def masked_strip(tokens: Sequence[str], positions: Sequence[int]) -> str:
    """Draw the masked LM sample of `tokens` with its Python values, as HTML."""
    sample = masked(tokens, sorted(set(positions)))
    asked = zip(sample.targets, sample.loss_mask, strict=True)
    labels = {position: word for position, (word, counts) in enumerate(asked) if counts}
    return strip(sample, WORDS("values.masked", inputs=sample.inputs, labels=labels))


def span_strip(tokens: Sequence[str], start: int, end: int) -> str:
    """Draw the span corruption sample of `tokens` with its Python values, as HTML."""
    sample = span_corruption(tokens, [(start, end)])
    return strip(sample, _span_values(range(start, end), sample.source, sample.targets))


def _span_values(hidden: Sequence[int], source: list[str], target: list[str]) -> str:
    return WORDS("values.span", hidden=layout.listed(hidden), inputs=source, target=target)


def _masked_room(tokens: list[str], *_: object) -> str:
    longest = sorted(enumerate(tokens), key=lambda numbered: -len(numbered[1]))[:MOST_MASKS]
    inputs = [max(token, MASK, key=len) for token in tokens]
    values = WORDS("values.masked", inputs=inputs, labels=dict(longest))
    return layout.largest_strip(masked(tokens, [0]), [(0, len(tokens))], values, MOST_MASKS)


def _span_room(tokens: list[str], *_: object) -> str:
    count, whole = len(tokens), span_corruption(tokens, [(0, len(tokens))])
    shortest = min(range(count), key=lambda at: len(tokens[at]))
    one = span_corruption(tokens, [(shortest, shortest + 1)])
    values = _span_values(range(count), one.source, whole.targets)
    return layout.largest_strip(one, layout.gap_sizes(count), values, marks=2)


class SentenceExplorer(base.OneSentence):
    """A text box, sliders for masks and span, and three strips; a moved mask pushes the others.

    With a tokenizer there is a switch: tokens are words, or its pieces.
    """

    def __init__(self, text: str, tokenizer: Tokenizer | None = None) -> None:
        self._tokenizer = tokenizer
        self.kind = base.choice("tokens_are", [AS_WORDS, AS_PIECES])
        self.kind.add_class("lesson-switch")
        self._switch = [self.kind] * (tokenizer is not None)
        self._wanted_masks, count = [*MASKS], max(*MASKS, *SPAN) + 1
        self.how_many = base.slider("how_many_masks", len(MASKS), MOST_MASKS)
        self._every = [base.slider(f"mask {k + 1}", k, count) for k in range(MOST_MASKS)]
        for mask in self._every:
            mask.style, mask.layout = {"description_width": "4em"}, base.wide("100%")
        self.masks, self.span = widgets.Box(), base.range_slider("span", SPAN, count)
        above_masks = layout.grid([self.how_many, self.masks], "lesson-masks")
        super().__init__(
            text,
            [
                (lambda tokens, *_: causal_strip(tokens), lambda *_: ""),
                (lambda tokens, *_: masked_strip(tokens, self.mask_positions), _masked_room),
                (lambda tokens, *places: span_strip(tokens, *places[-1]), _span_room),
            ],
            {self.span: int},
            [*self._switch, self.how_many, *self._every],
            [
                [*self._switch, base.fold(WORDS("explorer.python_values"))],
                [above_masks],
                [self.span],
            ],
        )
        self.causal_view, self.masked_view, self.span_view = self.views
        self.add_class("lesson-tall")
        if tokenizer is not None:  # pieces are many, and their Python values longer than a screen
            self.add_class("lesson-pieces")

    def cut(self, sentence: str) -> list[str]:
        """Cut a sentence into words, or where the switch says so, into pieces."""
        cuts_words = self._tokenizer is not None and self.kind.value == AS_PIECES
        return self._tokenizer.cut(sentence) if cuts_words else super().cut(sentence)

    @property
    def mask_positions(self) -> list[int]:
        """Where the mask sliders stand."""
        return [mask.value for mask in self.masks.children]

    def settle(self, moved: base.Control | None, old: object) -> None:
        """Keep masks and span in order, and within the sentence."""
        if moved is self.how_many:
            self._add_or_remove_masks()
        elif moved in self._every:
            now, at = self.mask_positions, self._every.index(moved)
            before = [*now[:at], old, *now[at + 1 :]]
            placed = self._place_masks(now, at)
            self._wanted_masks = layout.wanted_now(self._wanted_masks, before, placed)
        else:
            super().settle(moved, old)

    def fit(self) -> None:
        """Put masks and span where they are wanted, as far as the sentence allows."""
        super().fit()
        most = min(self.span.max, MOST_MASKS)
        base.move(self.how_many, most, min(len(self._wanted_masks), most))
        self._place_masks(self._wanted_masks[:most])

    def _add_or_remove_masks(self) -> None:
        positions, wanted = self.mask_positions[: self.how_many.value], self._wanted_masks
        wanted = wanted[: len(positions)]
        while len(positions) < self.how_many.value:  # behind the last one, where there is room
            free = [at for at in range(self.span.max) if at not in positions]
            last = positions[-1] if positions else -1
            new = next((at for at in free if at > last), free[-1])
            positions = sorted([*positions, new])
            wanted.insert(positions.index(new), new)
        self._wanted_masks = wanted
        self._place_masks(positions)

    def _place_masks(self, positions: Sequence[int], moved: int = 0) -> list[int]:
        last = self.span.max - 1
        positions = layout.in_order(positions, moved, [1] * (len(positions) - 1), last)
        for k, mask in enumerate(self._every):
            base.move(mask, last, positions[k] if k < len(positions) else min(mask.value, last))
        masks = tuple(self._every[: len(positions)])
        if masks != self.masks.children:
            self.masks.children = masks
            self.controls = [self.sentence, *self._switch, self.how_many, *masks, self.span]
        return positions


def explore(text: str = SENTENCE, tokenizer: Tokenizer | None = None) -> SentenceExplorer:
    """Show one sentence under causal LM, masked LM and span corruption at once.

    Its tokens are words; with a `tokenizer` one may switch to pieces.
    """
    return SentenceExplorer(text, tokenizer)
