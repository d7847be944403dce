"""Published comparisons as cards, each beside what the little world's stored rows say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from lessonlib import checks
from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.results import Results, interval
from lessonlib.exams.results.claims import rows_of
from lessonlib.styles import STYLE
from lessonlib.views.figures import ability_name, objective_name
from lessonlib.views.tables import Table
from lessonlib.words import Words

WORDS = Words("shelf")


@dataclass(frozen=True)
class Lead:
    """How far one model is ahead of another at an ability of the little world, in per cent."""

    ability: str  # in words, as the two models are
    first: str
    second: str
    one: float  # mean scores of both
    other: float
    lead: float  # mean of the differences, start by start
    half: float  # half of the 95 % interval of the lead
    seeds: int

    @property
    def verdict(self) -> str:
        """Whether the first one is clearly ahead, clearly behind, or neither."""
        if self.lead > self.half:
            return "agrees"
        return "disagrees" if -self.lead > self.half else "cannot_say"

    def __str__(self) -> str:
        numbers = {name: f"{getattr(self, name):.0f}" for name in ("one", "other", "lead", "half")}
        return WORDS("little_world", **vars(self) | numbers)


def lead(ability: str, first: str, second: str) -> Lead:
    """Compare two objectives by the stored matrix, start by start, natively."""
    results = Results.stored()
    scores = results.by_seed(ability, NATIVE, results.abilities()[ability])
    names = ability_name(ability), objective_name(first), objective_name(second)
    return _ahead(names, scores[first], scores[second])


def lead_of_rows(names: Sequence[str], rows: Mapping[str, Any]) -> Lead:
    """Compare two kinds of stored rows, start by start.

    `rows` has the "experiment", what is "asked" of both, and what is so in the "first" rows and in
    the "second"; `names` say it in words. A kind that has two rows of one start is a ValueError,
    and one that has none a LookupError; see `rows_of`.
    """
    both = []
    for which in ("first", "second"):
        wanted = rows["asked"] | rows[which]
        found = rows_of({"experiment": rows["experiment"]} | wanted)
        both.append({row["seed"]: row["score"] for row in found})
        if len(both[-1]) < len(found):
            raise ValueError(WORDS("two_rows", rows=wanted))
    return _ahead(names, *both)


def _ahead(names: Sequence[str], first: Mapping[int, float], second: Mapping[int, float]) -> Lead:
    seeds = sorted(first.keys() & second.keys())
    pairs = [(100 * first[seed], 100 * second[seed]) for seed in seeds]
    ahead = interval([one - other for one, other in pairs])
    means = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    return Lead(*names, *means, *ahead, len(pairs))


class Card:
    """One card: the published table, where it stands, and what the little world says."""

    def __init__(self, name: str) -> None:
        cards = WORDS.texts["cards"]
        self.row = cards[checks.one_of(name, "name", cards)]
        self.lead: Lead | None = None
        if "_compare" in self.row:
            self.lead = lead(*self.row["_compare"])
        elif "_rows" in self.row:
            self.lead = lead_of_rows(self.row["compared"], self.row["_rows"])

    @property
    def verdict(self) -> str:
        """What the little world does: "agrees", "disagrees" or "cannot_say"."""
        return self.lead.verdict if self.lead else "cannot_say"

    def _said(self) -> tuple[Table, Sequence[str]]:
        table = Table([WORDS("corner"), WORDS("published")], self.row["rows"])
        source = WORDS("source", paper=self.row["paper"], place=self.row["place"])
        little = str(self.lead) if self.lead else self.row["cannot"]
        return table, [source, little, WORDS("verdict", verdict=WORDS(self.verdict))]

    def __repr__(self) -> str:
        table, sentences = self._said()
        return "\n".join([self.row["title"], repr(table), *sentences])

    def _repr_html_(self) -> str:
        table, (*sentences, verdict) = self._said()
        told = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        title = f"<p><strong>{escape(self.row['title'])}</strong></p>"
        end = f"<p><strong>{escape(verdict)}</strong></p>"
        return f"{STYLE}{title}{table._repr_html_()}{told}{end}"


def shelf_card(name: str) -> Card:
    """Show one published comparison; a name that is not on the shelf is a ValueError."""
    return Card(name)


def shelf_table() -> Table:
    """Sum the shelf up: each card, and whether the little world agrees."""
    names = WORDS.texts["cards"]
    rows = [[names[name]["title"], WORDS(Card(name).verdict)] for name in names]
    return Table([WORDS("card"), WORDS("says")], rows)
