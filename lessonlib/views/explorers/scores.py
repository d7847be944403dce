"""An explorer for the stored exam: the same models, another metric, and perhaps another story."""

from collections.abc import Collection, Sequence

from lessonlib.exams.measurement import NATIVE, Row
from lessonlib.exams.results import Cell, stored_rows
from lessonlib.views.dots import by_score, dots_picture, summed_up, values_in_words
from lessonlib.views.explorers.base import Control, Explorer, choice
from lessonlib.views.explorers.layout import grid
from lessonlib.views.figures import ability_name, colour_of, objective_name
from lessonlib.views.tables import WORDS

ORDER = ("unread", "read", "all")  # of what is asked about
Key = tuple[str, str, str]  # ability, metric, meanings


class ScoreExplorer(Explorer):
    """Controls for ability, metric and meanings, and the scores of all objectives as dots."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._cells: dict[Key, dict[str, Cell]] = {}
        for key, scores in _by_key(rows).items():
            self._cells[key] = {name: summed_up(found) for name, found in scores.items()}
        abilities = dict.fromkeys(key[0] for key in self._cells)
        self._name = {ability_name(ability): ability for ability in abilities}
        self.ability = choice("ability", list(self._name))
        self.metric, self.meanings = choice("metric", [""]), choice("meanings", [""])
        controls = [self.ability, self.metric, self.meanings]
        super().__init__(controls, [(self._drawn, self._drawn)], [[grid(controls)]])

    def settle(self, moved: Control | None, old: object) -> None:
        """Offer the metrics of the ability, and the meanings that it was asked about."""
        ability = self._name[self.ability.value]
        metrics = list(dict.fromkeys(key[1] for key in self._cells if key[0] == ability))
        _offer(self.metric, [metric_name(metric) for metric in metrics])
        chosen = metrics[self.metric.options.index(self.metric.value)]
        there = {key[2] for key in self._cells if key[:2] == (ability, chosen)}
        self._there = [name for name in ORDER if name in there]
        _offer(self.meanings, [WORDS(f"meanings.{name}") for name in self._there])
        self._key = ability, chosen, self._there[self.meanings.options.index(self.meanings.value)]

    def _drawn(self, *said: str) -> str:
        lines = by_score(self._cells[self._key])
        shown = {objective_name(name): cell for name, cell in lines.items()}
        colours = {objective_name(name): colour_of(name) for name in lines}
        panels = {", ".join(said): shown}
        alt = WORDS("scores.alt", values=values_in_words(panels))
        return dots_picture(panels, alt, colours).html()


def explore_scores(*objectives: str, abilities: Collection[str] = ()) -> ScoreExplorer:
    """Show what the stored models score, all or some, by one metric after the other."""
    rows = stored_rows("exam")
    if objectives:
        rows = [row for row in rows if row["objective"] in objectives]
    if abilities:
        rows = [row for row in rows if row["ability"] in abilities]
    return ScoreExplorer(rows)


def metric_name(metric: str) -> str:
    """Return the name under which learners know a metric."""
    return WORDS(f"metrics.{metric}")


def _by_key(rows: Sequence[Row]) -> dict[Key, dict[str, list[Row]]]:
    found: dict[Key, dict[str, list[Row]]] = {}
    for row in rows:
        asked = row["answer"] == NATIVE and not row.get("baseline") and row["score"] is not None
        if asked and row["usual"]:
            key = row["ability"], row["metric"], row["meanings"]
            found.setdefault(key, {}).setdefault(row["objective"], []).append(row)
    return found


def _offer(control: Control, options: Sequence[str]) -> None:
    """Offer other options and keep the choice where it is among them."""
    if list(control.options) != list(options):
        wanted = control.value
        control.options = options
        control.value = wanted if wanted in options else options[0]
