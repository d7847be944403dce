"""Training beside use, for each route: what a model reads, and what it has to say, step by step."""

from html import unescape
from itertools import groupby
from re import sub

from lessonlib.samples import causal, is_special, masked, span_corruption
from lessonlib.styles import STYLE
from lessonlib.views.figures import ALL_OBJECTIVES, objective_name
from lessonlib.views.strips import NO_QUESTION, Cell, rows_strip
from lessonlib.views.tables import WORDS

COLUMNS, LETTERS = 5, 12
HIDDEN = (1, 4)  # the places that are hidden, and the ends of the stretch that is
OWN = "*"  # beside a word that the model wrote itself

Frame = tuple[str, list[str]]  # the name of its row, and its words


def frames() -> dict[str, list[Frame]]:
    """Return for each route what is read and said, in training and then in use, step by step."""
    text = WORDS("film.text").split()
    one, blanks, hole = causal(text), masked(text, HIDDEN), span_corruption(text, [HIDDEN])
    asked = zip(blanks.targets, blanks.loss_mask, strict=True)
    blank, own = NO_QUESTION, [*text[:2], text[2] + OWN]
    return {
        "causal": [
            ("trains_reads", one.inputs),
            ("trains_says", one.targets),
            ("step_1_reads", text[:2]),
            ("step_1_says", [blank, text[2]]),
            ("step_2_reads", own),
            ("step_2_says", [blank, blank, text[3]]),
        ],
        "masked": [
            ("trains_reads", blanks.inputs),
            ("trains_says", [word if counts else blank for word, counts in asked]),
            ("uses_reads", text),
            ("uses_says", [blank] * len(text)),
        ],
        "span_corruption": [
            ("trains_source", hole.source),
            ("trains_says", hole.targets),
            ("uses_source", text),
            ("writes_reads", hole.inputs[:1]),
            ("writes_says", hole.targets[:1]),
        ],
    }


class Film:
    """The three routes as frames one below the other, as HTML and as aligned text."""

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return STYLE + self.html

    def __repr__(self) -> str:
        lines = sub(r"</(?:caption|tr|p)>", "\n", self.html)
        spaced = sub(r"</t[dh]>", "  ", lines)
        return unescape(sub(r"<[^>]+>", "", spaced)).rstrip()


def training_and_use() -> Film:
    """Draw what each route reads and says in training, and what it does in use."""
    return Film("".join(_drawn(route, rows) for route, rows in frames().items()))


def _drawn(route: str, rows: list[Frame]) -> str:
    tables = [
        [(WORDS(f"film.{name}"), _cells(name, words)) for name, words in frame]
        for _, frame in groupby(rows, key=lambda row: row[0].rpartition("_")[0])
    ]
    said = WORDS(f"film.{route}", name=objective_name(route))
    return rows_strip(tables, said, ALL_OBJECTIVES[route].architectures[0], COLUMNS, LETTERS)


def _cells(name: str, words: list[str]) -> list[Cell]:
    kind = "asked" if name.endswith("says") else "read"
    return [(word, _kind(word, kind)) for word in words]


def _kind(word: str, kind: str) -> str:
    if word == NO_QUESTION:
        return "aside"
    if is_special(word):
        return "asked" + " marker" if kind == "asked" else "marker"
    return kind
