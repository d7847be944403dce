"""The stored measurements, one table or picture for each question that a notebook asks of them.

Raw rows and how they are summed up: `lessonlib.exams.results`.
"""

from collections.abc import Callable, Collection, Iterable
from math import ceil, log10
from typing import Any

from lessonlib.exams.results import NEVER_READ, Cell, Results, best_rows, curves, stored_rows
from lessonlib.exams.sentences.cells import ways_in_words
from lessonlib.views.dots import summed_up
from lessonlib.views.drawing import GREY, Picture, dot, path, svg, text, width_of
from lessonlib.views.figures import (
    ALL_OBJECTIVES,
    ROUTES,
    ability_name,
    colour_of,
    objective_name,
)
from lessonlib.views.matrix import (
    ABILITIES,
    NO_WAY,
    RULE,
    Cells,
    curves_picture,
    ends_in_words,
    in_words,
    matrix_picture,
    matrix_table,
)
from lessonlib.views.tables import WORDS, Table

Row = dict[str, Any]

ANSWERS = ("native", "workaround")
TASKS = {"writing": "continuation", "blank": "blank", "missing_span": "missing_span"}


def stored_matrix_picture() -> Picture:
    """Draw the stored matrix of notebook 06a."""
    return matrix_picture(Results.stored().matrix(), WORDS("measured.matrix_alt"))


def stored_matrix_table(*objectives: str, abilities: Collection[str] = ()) -> Table:
    """Show the native scores of the stored matrix, of some rows and columns or of all."""
    return matrix_table(_part(Results.stored(), objectives, abilities))


def harder_world_table(*objectives: str, abilities: Collection[str] = ()) -> Table:
    """Show the native scores in the harder world: three objectives and the control, or some."""
    return matrix_table(_part(Results.stored("harder_world"), objectives, abilities))


def _part(results: Results, objectives: Collection[str], abilities: Collection[str]) -> Cells:
    """Keep what is named; where nothing is, keep all."""
    return {
        (objective, ability, answer): cell
        for (objective, ability, answer), cell in results.matrix().items()
        if (not objectives or objective in objectives) and (not abilities or ability in abilities)
    }


def without_seeing_table(*objectives: str) -> Table:
    """Show how often picture models are right, ability by ability, with another picture in view."""
    stored = Results.stored("scenes")
    shares = [stored.baseline(name) for name in objectives]
    rows = [
        [ability_name(ability), *(f"{own[ability]:.0%}" for own in shares)] for ability in shares[0]
    ]
    heads = (WORDS("headings.without_seeing", name=objective_name(name)) for name in objectives)
    return Table([WORDS("headings.ability"), *heads], rows)


def ways_table(*objectives: str) -> Table:
    """Say how objectives answer natively and by their work-around, in a sentence each."""
    said, rows = ways_in_words(*objectives), []
    for task, ability in TASKS.items():
        for objective in objectives:
            name = f"{ability_name(ability)}, {objective_name(objective)}"
            ways = (said.get((objective, task, answer), NO_WAY) for answer in ANSWERS)
            rows.append([name, *ways])
    return _table("ability_objective", *ANSWERS, rows=rows)


def price_table(cells: Cells, pairs: Iterable[tuple[str, str]]) -> Table:
    """Set what answers of (objective, ability) score beside their cost in passes over a text."""
    rows = []
    for objective, ability in pairs:
        row = [f"{objective_name(objective)}, {ability_name(ability).lower()}"]
        for answer in ANSWERS:
            cell = cells[objective, ability, answer]
            row += [f"{100 * cell.mean:.0f}", f"{cell.forward_passes:.0f}"]
        rows.append(row)
    return _table("objective_ability", "native", "passes", "workaround", "passes", rows=rows)


def price_picture(cells: Cells, pairs: Iterable[tuple[str, str]]) -> Picture:
    """Draw what answers of (objective, ability) score against their cost, native and otherwise."""
    shown = [(pair, *(cells[*pair, answer] for answer in ANSWERS)) for pair in pairs]
    most = max(cell.forward_passes for _, *ways in shown for cell in ways)
    left, floor, across, high, tens = 56, 300, 600, 230, max(1, ceil(log10(max(most, 1))))
    right = left + across

    def place(cell: Cell) -> tuple[float, float]:
        return left + across / tens * log10(max(cell.forward_passes, 1)), floor - high * cell.mean

    parts = [
        text(12, 20, WORDS("price.key"), size=12, fill=GREY),
        text(left, floor + 38, WORDS("price.passes"), size=12, fill=GREY),
        text(12, floor - high - 16, WORDS("price.score"), size=12, fill=GREY),
    ]
    for power in range(tens + 1):
        x = left + across * power / tens
        parts.append(path(f"M{x:g} {floor - high} V{floor}", stroke=RULE))
        parts.append(text(x, floor + 18, f"{10**power:,}", "middle", 11, fill=GREY))
    for share in (0, 50, 100):
        y = floor - high * share / 100
        parts.append(path(f"M{left} {y:g} H{right}", stroke=RULE))
        parts.append(text(left - 8, y + 4, str(share), "end", 11, fill=GREY))
    said, width = [], right + 24
    for (objective, ability), native, other in shown:
        name = f"{objective_name(objective)}, {ability_name(ability).lower()}"
        (x, y), (u, v) = place(native), place(other)
        colour, label = colour_of(objective), max(x, u) + 12
        width = max(width, round(label + width_of(name, 12)))
        parts += [
            path(f"M{x:.0f} {y:.0f} L{u:.0f} {v:.0f}", stroke=colour, stroke_dasharray="4 3"),
            dot(x, y, colour, r=5.0),
            path(f"M{u:.0f} {v - 7:.0f} l7 12 h-14 z", fill=colour),
            text(label, (v if u > x else y) + 5, name, size=12, fill=colour),
        ]
        costs = {"few": f"{native.forward_passes:.0f}", "many": f"{other.forward_passes:.0f}"}
        scores = {"native": f"{100 * native.mean:.0f}", "other": f"{100 * other.mean:.0f}"}
        said.append(WORDS("price.point", name=name, **costs, **scores))
    alt = WORDS("price.alt", points="; ".join(said))
    return Picture(svg(width, floor + 52, *parts), alt)


def best_rows_table() -> Table:
    """Name the best of the three routes in every column of the stored matrix, and its lead.

    Compared are native answers.
    """
    rows = []
    for best in best_rows(Results.stored(), ROUTES, ANSWERS[:1]):
        names = map(objective_name, (best.objective, best.runner_up))
        lead = f"{100 * best.lead:.1f} ± {100 * best.half:.1f}"
        clear = WORDS("measured.yes" if best.clear else "measured.no")
        rows.append([ability_name(best.ability), *names, lead, clear])
    return _table("ability", "best", "second", "lead", "clear", rows=rows)


def real_english_table(steps: int) -> Table:
    """Show how surprised models of real English are by the right word, after so many steps.

    Every random start has its number, in nats; nobody knows what is possible here.
    """
    rows = _where(_english(), steps=steps)
    rows += [row | {"objective": "common_words", "raw": row["chance"]} for row in rows]
    return _grid(WORDS("headings.ability"), rows, "ability", "objective", _each("raw"))


def real_english_changes_table() -> Table:
    """Show what each change of span corruption does, alone, after as many steps as unchanged."""
    changed = [row for row in _english(None) if row["factor"] != "length"]
    steps = changed[0]["steps"]
    usual = _where(_english(), objective="span_corruption", steps=steps, seed=changed[0]["seed"])
    rows = [row | {"factor": "nothing"} for row in usual] + changed
    rows = [row | {"factor": WORDS(f"english.{row['factor']}")} for row in rows]
    return _grid(WORDS("headings.changed"), rows, "factor", "ability", _each("raw"))


def _english(factor: str | None = "length") -> list[Row]:
    rows = _where(stored_rows("real_english"), metric="cross_entropy")
    return [row for row in rows if factor in (None, row.get("factor", "length"))]


def _each(column: str) -> Callable[[list[Row]], str]:
    """Say the number of every random start, those that are alike once."""
    return lambda rows: ", ".join(dict.fromkeys(f"{row[column]:.2f}" for row in rows))


def fine_tuning_picture() -> Picture:
    """Draw how six starting points profit from examples of missing stretches."""
    rows = _where(_lines("fine_tuning_by_slots"), ability="missing_span")
    return _picture("fine_tuning", rows, "examples")


def fine_tuning_table() -> Table:
    """Show where six starting points end, for each purpose of the fine-tuning."""
    rows = _lines("fine_tuning_by_slots")
    most = max(row["examples"] for row in rows)
    after = WORDS("headings.after_examples", count=most)
    return _grid(after, _where(rows, examples=most), "line", "ability", _said("score"))


def surprises_table() -> Table:
    """Show what other practice does to masked LM and span corruption, each in its better way."""
    metrics, found = Results.stored().abilities(), []
    for ability in ("continuation", "blank", "missing_span"):
        found += _where(stored_rows("surprises"), ability=ability, metric=metrics[ability])

    def best(rows: list[Row]) -> str:
        ways = (summed_up(_where(rows, answer=way)) for way in _all(rows, "answer"))
        return in_words(max(ways, key=lambda cell: cell.mean))

    return _grid(WORDS("headings.practised"), found, "objective", "ability", best)


def signal_density_picture(metric: str | None = None) -> Picture:
    """Draw each objective's own ability against the number of words that the model has read.

    Shown is the first metric of each ability, or one that all three have, such as
    "cross_entropy".
    """
    rows, found = _lines("signal_density"), []
    first = {row["ability"]: row["metric"] for row in reversed(rows)}
    for row in rows:
        wanted = row["metric"] == (metric or first[row["ability"]])
        if wanted and row["meanings"] in NEVER_READ:
            found.append(row | {"thousands": round(row["tokens"] / 1000)})
    return _picture("signal_density", found, "thousands")


def signal_density_table() -> Table:
    """Show how many questions each objective asks about 100 words."""
    found, rows = stored_rows("signal_density"), []
    for objective in _all(found, "objective"):
        own = _where(found, objective=objective)
        density = 100 * _mean(own, "labels_in_all") / _mean(own, "tokens")
        rows.append([objective_name(objective), f"{density:.0f}"])
    return _table("objective", "density", rows=rows)


def asked_places_table() -> Table:
    """Show how often each label builder asks about each place of a sentence, in per cent."""
    found = _where(stored_rows("builder_bias"), ability="asked_place")
    found.sort(key=lambda row: row["place"])
    corner = WORDS("headings.asked_in_percent")
    return _grid(corner, found, "objective", "place", _said("raw"))


def filled_places_table(from_end: bool = False) -> Table:
    """Show how well models fill a blank at the first places, in per cent of the best possible.

    Or at the last ones, counted `from_end`.
    """
    found = _where(stored_rows("builder_bias"), ability="blank", from_end=from_end)
    shares = [row | {"share": row["raw"] / row["oracle"]} for row in found]
    return _grid(WORDS("headings.blank_at"), shares, "objective", "place", _said("share"))


def questions_table(kind: str) -> Table:
    """Say how often models answer a question in a text, after so many worked examples.

    A row for each practice, and one for each where the examples have the answers of others.
    """
    rows = []
    for row in _where(stored_rows("instructions"), ability=kind, metric="right"):
        ways = ("right", "others") if row["examples"] == 0 else [row["answers_of_examples"]]
        for way in ways if row["meanings"] == "unread" else ():
            name = WORDS(f"measured.practice_{row['practice']}")
            line = WORDS(f"measured.examples_{'right' if way == 'right' else 'wrong'}", name=name)
            rows.append({"line": line, "examples": row["examples"], "score": row["score"]})
    return _grid(WORDS("headings.worked_examples"), rows, "line", "examples", _said("score"))


def _table(*headings: str, rows: list[list[str]]) -> Table:
    return Table([WORDS(f"headings.{heading}") for heading in headings], rows)


def _grid(
    corner: str, found: list[Row], down: str, across: str, say: Callable[[list[Row]], str]
) -> Table:
    """Say in each cell what there is to say about the raw rows that belong there."""
    columns = _all(found, across)
    rows = [
        [_name(line), *(say(_where(found, **{down: line, across: place})) for place in columns)]
        for line in _all(found, down)
    ]
    return Table([corner, *map(_name, columns)], rows)


def _said(column: str) -> Callable[[list[Row]], str]:
    return lambda rows: in_words(summed_up(rows, column))


def _picture(name: str, rows: list[Row], x: str) -> Picture:
    """Draw a line for each value of "line"; those of an objective have its colour."""
    own = {row["line"]: row["objective"] for row in rows if "objective" in row}
    lines = curves(rows, series="line", x=x, y="score")
    labels = {key: WORDS(f"measured.{name}.{key}") for key in ("x_label", "y_label")}
    alt = WORDS(f"measured.{name}.alt", values=ends_in_words(lines))
    return curves_picture(lines, **labels, alt=alt, log_x=True, objectives=own)


def _lines(experiment: str) -> list[Row]:
    """Read raw rows, each with the name of its line."""
    rows = stored_rows(experiment)
    starts = [f", {row['start']}" if "start" in row else "" for row in rows]
    return [
        row | {"line": objective_name(row["objective"]) + start}
        for row, start in zip(rows, starts, strict=True)
    ]


def _name(key: object) -> str:
    """Name what a row or a column is about; a title that stands for no objective is one already."""
    rows = WORDS.texts["rows"]
    for known, name in (
        (ABILITIES, ability_name),
        (rows, objective_name),
        (ALL_OBJECTIVES, objective_name),
    ):
        if key in known:
            return name(key)
    return WORDS.texts["headings"].get(key) or f"{key}"[0].upper() + f"{key}"[1:]


def _all(rows: Iterable[Row], column: str) -> list[Any]:
    return list(dict.fromkeys(row[column] for row in rows))


def _where(rows: Iterable[Row], **wanted: Any) -> list[Row]:
    return [row for row in rows if wanted.items() <= row.items()]


def _mean(rows: list[Row], column: str) -> float:
    return sum(row[column] for row in rows) / len(rows)
