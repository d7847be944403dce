"""Training beside use, for each route: what a model reads, and what it has to say, step by step."""

from html import unescape
from re import sub

from lessonlib.samples import MASK, START
from lessonlib.samples.special import sentinel
from lessonlib.styles import STYLE
from lessonlib.views.figures import ALL_OBJECTIVES, ROUTES, objective_name
from lessonlib.views.strips import NO_QUESTION, Cell, rows_strip
from lessonlib.views.tables import WORDS

COLUMNS, LETTERS = 6, 12
HOLE, END = sentinel(0), sentinel(1)

# Of each route what is read and what is said, in training and then in use, step by step.
# A word with a star is one that the model wrote itself.
FRAMES = {
    "causal": (
        ("trains_reads", "the teacher reads a"),
        ("trains_says", "teacher reads a letter"),
        ("step_1_reads", "the teacher"),
        ("step_1_says", "· reads"),
        ("step_2_reads", "the teacher reads*"),
        ("step_2_says", "· · a"),
    ),
    "masked": (
        ("trains_reads", f"the {MASK} reads a {MASK}"),
        ("trains_says", "· teacher · · letter"),
        ("uses_reads", "the teacher reads a letter"),
        ("uses_says", "· · · · ·"),
    ),
    "span_corruption": (
        ("trains_source", f"the {HOLE} letter"),
        ("trains_says", f"{HOLE} teacher reads a {END}"),
        ("uses_source", "the teacher reads a letter"),
        ("writes_reads", START),
        ("step_1_says", HOLE),
    ),
}
MARKERS = {MASK, START, HOLE, END}


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
    return Film("".join(map(_route, ROUTES)))


def _route(route: str) -> str:
    rows = [(WORDS(f"film.{name}"), _cells(name, words)) for name, words in FRAMES[route]]
    said = WORDS(f"film.{route}", name=objective_name(route))
    return rows_strip([rows], said, ALL_OBJECTIVES[route].architectures[0], COLUMNS, LETTERS)


def _cells(name: str, words: str) -> list[Cell]:
    kind = "asked" if name.endswith("says") else "read"
    return [(word, _kind(word, kind)) for word in words.split()]


def _kind(word: str, kind: str) -> str:
    if word == NO_QUESTION:
        return "aside"
    return "marker" * (word in MARKERS) + " asked" * (kind == "asked") or kind
