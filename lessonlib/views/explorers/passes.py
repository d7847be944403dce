"""An explorer for masked diffusion: a sentence is written in a few passes, in any order."""

from collections.abc import Callable, Sequence

import numpy as np

from lessonlib.models.unmasking import RANDOM, SUREST, Draft
from lessonlib.samples import MASK
from lessonlib.samples.registry import ENCODER
from lessonlib.views.explorers.base import Explorer, choice, slider
from lessonlib.views.explorers.layout import grid
from lessonlib.views.strips import rows_strip
from lessonlib.views.tables import WORDS

MOST_PASSES, DRAWS, LETTERS = 12, 20, 10

ORDERS = {WORDS(f"passes.{order}"): order for order in (SUREST, RANDOM)}

# From the number of passes, the order and a generator to the drafts, and what their last one is.
Write = Callable[[int, str, np.random.Generator], tuple[Sequence[Draft], bool]]


def passes_strip(drafts: Sequence[Draft], is_right: bool) -> str:
    """Draw a draft before and after each pass; what came last is marked, blanks are masks."""
    rows = []
    for number, (before, draft) in enumerate(zip([drafts[0], *drafts], drafts, strict=False)):
        pairs = zip(before, draft, strict=True)
        cells = [(new or MASK, _kind(old, new)) for old, new in pairs]
        rows.append((WORDS("passes.row", number=number), cells))
    said = WORDS("passes.right" if is_right else "passes.wrong")
    columns = len(drafts[0])
    return rows_strip([rows], said, ENCODER, columns, LETTERS)


def _kind(old: str | None, new: str | None) -> str:
    return "marker" if new is None else "read" if old else "asked"


def explore_passes(write: Write) -> Explorer:
    """Show how a text is written in passes, with a slider for how many they are.

    `write` gets the number of passes, the order ("surest" or "random") and a generator; it returns
    the drafts, and whether the last is a proper sentence.
    """
    passes = slider("passes", 4, MOST_PASSES, smallest=1)
    order, draw = choice("order", list(ORDERS)), slider("another_draw", 1, DRAWS, smallest=1)

    def drawn(passes: int, order: str, draw: int) -> str:
        return passes_strip(*write(passes, ORDERS[order], np.random.default_rng(draw)))

    def room(*_: object) -> str:
        drafts = [[MASK] * MOST_PASSES] * (MOST_PASSES + 1)
        return passes_strip(drafts, False)

    return Explorer([passes, order, draw], [(drawn, room)], [[grid([passes, order, draw])]])
