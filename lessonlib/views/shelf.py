"""Published comparisons as cards, each beside what the little world's stored rows say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lessonlib import checks
from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.results import Results, interval
from lessonlib.styles import STYLE
from lessonlib.views.figures import ability_name, objective_name
from lessonlib.views.tables import Table
from lessonlib.words import Words

WORDS = Words("shelf")


@dataclass(frozen=True)
class Lead:
    """How far one objective is ahead of another at an ability of the little world, in per cent."""

    ability: str
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
        names = {"first": objective_name(self.first), "second": objective_name(self.second)}
        numbers = {name: f"{getattr(self, name):.0f}" for name in ("one", "other", "lead", "half")}
        about = {"ability": ability_name(self.ability), "seeds": self.seeds}
        return WORDS("little_world", **names, **numbers, **about)


def lead(ability: str, first: str, second: str) -> Lead:
    """Compare two objectives by the stored rows, start by start, natively."""
    results = Results.stored()
    scores = results.by_seed(ability, NATIVE, results.abilities()[ability])
    seeds = sorted(scores[first].keys() & scores[second].keys())
    pairs = [(100 * scores[first][seed], 100 * scores[second][seed]) for seed in seeds]
    ahead = interval([one - other for one, other in pairs])
    means = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    return Lead(ability, first, second, *means, *ahead, len(pairs))


class Card:
    """One card: the published table, where it stands, and what the little world says."""

    def __init__(self, name: str) -> None:
        cards = WORDS.texts["cards"]
        self.row = cards[checks.one_of(name, "name", cards)]
        self.lead = lead(*self.row["_compare"]) if "_compare" in self.row else None

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
