"""The large exam, told apart: what differs between the rows, and what which difference does."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from lessonlib.exams.measurement import NATIVE, WORKAROUND, Row
from lessonlib.exams.results import NEVER_READ, Results, stored_rows
from lessonlib.exams.results.effects import Effect, effects
from lessonlib.exams.sentences.cells import BLOCKS, SAME_AS
from lessonlib.views.dots import dots_picture, summed_up, values_in_words
from lessonlib.views.drawing import Picture
from lessonlib.views.explorers.scores import metric_name
from lessonlib.views.figures import ability_name, colour_of, objective_name
from lessonlib.views.matrix import NO_WAY
from lessonlib.views.tables import WORDS, Table

#: What is learned from pairs of texts: experiment, ability and metric of each.
TEXT_TO_TEXT = (
    ("exam", "rewriting", "paraphrase"),
    ("exam", "rewriting", "shorten"),
    ("text_to_text", "answer", "answer"),
    ("text_to_text", "translate", "translate"),
    ("text_to_text", "long_text", "long_text"),
)


def what_differs_table(*objectives: str, usual: bool = True) -> Table:
    """Say of objectives in the exam what they practised, how much, in what, and how it was chosen.

    Each has a column, and each difference a row, as three of them are what fits a narrow page.
    Shown are some objectives, or all if none is named, in their usual architectures, or else in all
    others.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    for row in stored_rows("exam"):
        if row["usual"] == usual and (not objectives or row["objective"] in objectives):
            found.setdefault((row["objective"], row["architecture"]), []).append(row)
    names = ("Objective", "hidden", "architecture", "layers", "weights", "sentences", "labels")
    names = (*names, "rate", "losses", "identical")
    searched = {
        (row["objective"], row["architecture"], row["learning_rate"]): row["raw"]
        for row in stored_rows("search")
    }
    columns = (
        [WORDS(f"headings.{name}") for name in names],
        *(_what_differs(rows, searched) for rows in found.values()),
    )
    headings, *lines = zip(*columns, strict=True)
    return Table(headings, lines)


def _what_differs(rows: Sequence[Row], searched: Mapping[tuple, float]) -> list[str]:
    row = rows[0]
    parameters = row["parameters"] or {}
    told = [f"{name}: {_plain(value)}" for name, value in parameters.items() if name != SAME_AS]
    same = parameters.get(SAME_AS)
    sizes = f"{row['layers']} ({row['layers_passed']})", f"{row['weights']:,}"
    start = [objective_name(row["objective"]), "; ".join(told) or NO_WAY, row["architecture"]]
    if row.get("loss") is None:  # it practises nothing
        return [*start, *sizes, *[NO_WAY] * 5]
    half = searched[row["objective"], row["architecture"], row["learning_rate"]]
    whole = float(np.mean([one["loss"] for one in rows]))
    practice = f"{row['sentences']:,}", f"{row['labels']:.1f}", f"{row['learning_rate']:g}"
    losses = f"{half:.3f} → {whole:.3f}"
    return [*start, *sizes, *practice, losses, ability_name(same) if same else NO_WAY]


def _plain(value: object) -> str:
    return " – ".join(map(str, value)) if isinstance(value, list) else str(value)


def effects_table(block: int = 0, *, every_metric: bool = False) -> Table:
    """Part the variance of each ability: due to the objective, to the architecture, to both.

    By the metric of the matrix, or by `every_metric`. A share has the interval of the jackknife
    over random starts.
    """
    names, shapes = BLOCKS[block]
    shown = Results.stored().abilities()
    rows = []
    for (ability, metric), found in _asked().items():
        if not every_metric and metric != shown[ability]:
            continue
        if {(row["objective"], row["architecture"]) for row in found} >= {
            (name, shape) for name in names for shape in shapes
        }:
            parts = effects(found, names, shapes)
            rows.append([_asked_name(ability, metric), *map(_share, parts.values())])
    headings = ("ability_metric", "due_objective", "due_architecture", "due_both")
    return Table([WORDS(f"headings.{name}") for name in headings], rows)


def _share(effect: Effect) -> str:
    return WORDS(
        "compared.share",
        share=f"{100 * effect.share:.0f}",
        half=f"{100 * effect.half:.0f}" if effect.half >= 0.005 else "<1",
        spread=f"{100 * effect.spread:.0f}",
    )


def crossed_picture(ability: str, metric: str, block: int = 0) -> Picture:
    """Draw every random start of every cell of a crossed block, a panel for each objective."""
    names, shapes = BLOCKS[block]
    rows = _asked()[ability, metric]
    panels = {
        objective_name(name): {
            shape: summed_up(
                [row for row in rows if (row["objective"], row["architecture"]) == (name, shape)]
            )
            for shape in shapes
        }
        for name in names
    }
    asked = _asked_name(ability, metric)
    alt = WORDS("compared.crossed_alt", asked=asked, values=values_in_words(panels))
    return dots_picture(panels, alt)


def text_to_text_picture(*tasks: str, objectives: Collection[str] = ()) -> Picture:
    """Draw what was learned of each task, or of some, after the same few pairs.

    It has a row for each objective, or for some.
    """
    panels, colours = {}, {}
    for experiment, ability, metric in TEXT_TO_TEXT:
        if tasks and metric not in tasks:
            continue
        rows = [row for row in stored_rows(experiment) if row["ability"] == ability]
        rows = [row for row in rows if row["metric"] == metric and row["meanings"] in NEVER_READ]
        rows = [row for row in rows if not objectives or row["objective"] in objectives]
        lines = {}
        for name in dict.fromkeys(row["objective"] for row in rows if row["score"] is not None):
            for answer in (NATIVE, WORKAROUND):
                own = [r for r in rows if (r["objective"], r["answer"]) == (name, answer)]
                said = objective_name(name)
                line = said if answer == NATIVE else WORDS("compared.surest_first", name=said)
                lines[line], colours[line] = summed_up(own), colour_of(name)
        heading = WORDS("compared.gain", task=metric_name(metric))
        panels[heading] = {line: cell for line, cell in lines.items() if cell}
    alt = WORDS("compared.text_to_text_alt", values=values_in_words(panels))
    return dots_picture(panels, alt, colours)


def _asked() -> dict[tuple[str, str], list[Row]]:
    """Native answers about unread meanings by ability and metric; no baselines."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in stored_rows("exam"):
        if row["answer"] == NATIVE and row["meanings"] in NEVER_READ and not row.get("baseline"):
            found.setdefault((row["ability"], row["metric"]), []).append(row)
    return found


def _asked_name(ability: str, metric: str) -> str:
    return f"{ability_name(ability)}: {metric_name(metric)}"
