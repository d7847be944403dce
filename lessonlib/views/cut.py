"""Words on top of their pieces, and what of them is hidden: one piece, or all of a word."""

from collections.abc import Collection, Sequence
from itertools import accumulate

from lessonlib.samples import MASK
from lessonlib.views.drawing import GREY, PAPER, Picture, rect, svg, text, width_of
from lessonlib.views.figures import colour_of
from lessonlib.views.matrix import RULE
from lessonlib.views.tables import WORDS

LINE, BOX, GAP, SIDE = 40, 28, 6, 12  # from line to line, a box, between two, around everything
EDGES = 18  # left and right of what is in a box
INSIDE = "##"  # before a piece that goes on with a word
COLOUR = colour_of("masked")

Box = tuple[float, float]  # where it begins and how wide it is


def cut_picture(words: Sequence[Sequence[str]], piece: int) -> Picture:
    """Draw words over their pieces, then with one piece hidden, then with all of its word.

    `words` are lists of pieces; `piece` is the number of one, counted through all of them.
    """
    pieces = [one for word in words for one in word]
    ends = [*accumulate(map(len, words))]
    starts = [0, *ends[:-1]]
    whole = next(range(a, b) for a, b in zip(starts, ends, strict=True) if a <= piece < b)
    names = [WORDS(f"cut.{name}") for name in ("words", "pieces", "one_piece", "whole_word")]
    columns = _columns(pieces, SIDE + GAP + round(max(width_of(name, 12) for name in names)))
    spans = [_joined(columns[a:b]) for a, b in zip(starts, ends, strict=True)]
    lines = [
        _line(["".join(one.removeprefix(INSIDE) for one in word) for word in words], spans, 0),
        _line(pieces, columns, 1),
        _line(pieces, columns, 2, [piece]),
        _line(pieces, columns, 3, whole),
    ]
    parts = [
        text(columns[0][0] - GAP, SIDE + LINE * nth + 19, name, "end", 12, fill=GREY)
        for nth, name in enumerate(names)
    ]
    width = columns[-1][0] + columns[-1][1] + SIDE
    drawn = svg(round(width), SIDE + LINE * len(lines), *parts, *lines)
    said = {"pieces": " ".join(pieces), "piece": pieces[piece]}
    said |= {"word": " ".join(pieces[k] for k in whole), "count": len(words)}
    return Picture(drawn, WORDS("cut.alt", **said))


def _columns(pieces: Sequence[str], left: float) -> list[Box]:
    widths = [max(width_of(piece, 13), width_of(MASK, 13)) + EDGES for piece in pieces]
    starts = accumulate((width + GAP for width in widths[:-1]), initial=left)
    return list(zip(starts, widths, strict=True))


def _joined(columns: Sequence[Box]) -> Box:
    (start, _), (last, width) = columns[0], columns[-1]
    return start, last + width - start


def _line(
    said: Sequence[str], boxes: Sequence[Box], number: int, hidden: Collection[int] = ()
) -> str:
    y, parts = SIDE + LINE * number, []
    for nth, (words, (x, width)) in enumerate(zip(said, boxes, strict=True)):
        edge, look = {"stroke": RULE}, {}
        if nth in hidden:
            edge = {"stroke": COLOUR, "stroke_width": 2, "stroke_dasharray": "5 3"}
            words, look = MASK, {"fill": COLOUR, "font_weight": 600}
        parts.append(rect(x, y, width, BOX, rx=6, fill=PAPER, **edge))
        parts.append(text(x + width / 2, y + 19, words, "middle", **look))
    return "".join(parts)
