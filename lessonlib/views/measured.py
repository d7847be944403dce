"""The stored measurements, one table or picture for each question that a notebook asks of them.

Raw rows and how they are summed up: `lessonlib.exams.results`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lessonlib.exams.results import Results, best_rows, curves, stored_rows
from lessonlib.exams.sentences.recipes import ways_in_words
from lessonlib.views.drawing import Picture
from lessonlib.views.figures import ALL_OBJECTIVES, ability_name, objective_name
from lessonlib.views.matrix import (
    NO_WAY,
    Key,
    Scored,
    curves_picture,
    matrix_picture,
    matrix_table,
)
from lessonlib.views.tables import Table
from lessonlib.words import Words

WORDS = Words("views")

TASKS = {"writing": "continuation", "blank": "blank", "missing_span": "missing_span"}


def stored_matrix_picture() -> Picture:
    """Draw the stored matrix of notebook 04."""
    return matrix_picture(Results.stored().matrix(), WORDS("measured.matrix_alt"))


def stored_matrix_table(*objectives: str) -> Table:
    """Show the native scores of the stored matrix: some of its rows, or all if none is named."""
    cells = Results.stored().matrix()
    return matrix_table(
        {k: cell for k, cell in cells.items() if not objectives or k[0] in objectives}
    )


def without_seeing_table(objective: str) -> Table:
    """Show how often a picture model is right, ability by ability, with another picture in view."""
    shares = Results.stored("scenes").baseline(objective).items()
    rows = [[ability_name(ability), f"{share:.0%}"] for ability, share in shares]
    return _table("ability", "without_seeing", rows=rows)


def ways_table(*objectives: str) -> Table:
    """Say how objectives answer natively and by their work-around, in a sentence each."""
    said = ways_in_words(*objectives)
    rows = [
        [
            f"{ability_name(ability)}, {objective_name(objective)}",
            *(said.get((objective, task, answer), NO_WAY) for answer in ("native", "workaround")),
        ]
        for task, ability in TASKS.items()
        for objective in objectives
    ]
    return _table("ability_objective", "native", "workaround", rows=rows)


def price_table(cells: Mapping[Key, Scored], pairs: Iterable[tuple[str, str]]) -> Table:
    """Set what native answers and work-arounds of (objective, ability) score beside their cost.

    A pass is one run of the model over one text.
    """
    headings = ("objective_ability", "native", "passes", "workaround", "passes")
    rows = []
    for objective, ability in pairs:
        row = [f"{objective_name(objective)}, {ability_name(ability).lower()}"]
        for answer in ("native", "workaround"):
            cell = cells[objective, ability, answer]
            row += [f"{100 * cell.mean:.0f}", f"{cell.forward_passes:.0f}"]
        rows.append(row)
    return _table(*headings, rows=rows)


def best_rows_table() -> Table:
    """Name the best native row of every column of the stored matrix, and the row behind it.

    A lead is clear if its 95 % interval, seed by seed, lies above zero.
    """
    rows = [
        [
            ability_name(best.ability),
            objective_name(best.objective),
            objective_name(best.runner_up),
            WORDS("measured.yes" if best.clear else "measured.no"),
        ]
        for best in best_rows(Results.stored())
        if best.answer == "native"
    ]
    return _table("ability", "best", "second", "clear", rows=rows)


def harder_world_table() -> Table:
    """Show the native scores of three objectives and the control in the harder world."""
    return matrix_table(Results.stored("harder_world").matrix())


def real_english_table() -> Table:
    """Show how surprised models of real English are by the right word, in nats."""
    found = stored_rows("real_english")
    objectives = _all("objective", found)
    rows = []
    for ability in ("continuation", "blank"):
        asked = [row for row in found if row["ability"] == ability]
        means = [_mean(asked, "cross_entropy", objective=objective) for objective in objectives]
        floor = _mean(asked, "floor_cross_entropy")
        rows.append([ability_name(ability), *(f"{mean:.2f}" for mean in (*means, floor))])
    names = map(objective_name, objectives)
    return Table([WORDS("headings.ability"), *names, WORDS("headings.common_words")], rows)


def fine_tuning_picture() -> Picture:
    """Draw how six starting points profit from examples of missing stretches."""
    rows = [
        row | {"line": _start(row), "percent": 100 * row["score"]}
        for row in stored_rows("fine_tuning")
        if row["ability"] == "missing_span"
    ]
    return _by_objective("fine_tuning", rows, "examples")


def fine_tuning_table() -> Table:
    """Show where six starting points end, for each purpose of the fine-tuning."""
    found = stored_rows("fine_tuning")
    most = max(row["examples"] for row in found)
    purposes = _all("ability", found)
    rows = []
    for start in dict.fromkeys(map(_start, found)):
        own = [row for row in found if _start(row) == start and row["examples"] == most]
        rows.append([start, *(f"{100 * _mean(own, 'score', ability=p):.0f}" for p in purposes)])
    after = WORDS("headings.after_examples", count=most)
    return Table([after, *map(ability_name, purposes)], rows)


def surprises_table() -> Table:
    """Show what other practice does to masked LM and span corruption, each in its better way."""
    abilities = ("continuation", "blank", "missing_span")
    metrics = Results.stored().abilities()
    found = stored_rows("surprises")
    rows = []
    for variant in _all("variant", found):
        row = [_title(variant)]
        for ability in abilities:
            wanted = {"variant": variant, "ability": ability, "metric": metrics[ability]}
            ways = {one["answer"] for one in found if wanted.items() <= one.items()}
            best = max(_mean(found, "score", answer=way, **wanted) for way in ways)
            row.append(f"{100 * best:.0f}")
        rows.append(row)
    return Table([WORDS("headings.practised"), *map(ability_name, abilities)], rows)


def signal_density_picture() -> Picture:
    """Draw each objective's own ability against the number of words that the model has read."""
    found = stored_rows("signal_density")
    rows = [
        row
        | {"line": objective_name(row["objective"])}
        | {"thousands": round(row["tokens"] / 1000), "percent": 100 * row["score"]}
        for row in found
    ]
    return _by_objective("signal_density", rows, "thousands")


def signal_density_table() -> Table:
    """Show how many questions each objective asks about 100 words."""
    found = stored_rows("signal_density")
    rows = []
    for objective in _all("objective", found):
        labels, tokens = (_mean(found, name, objective=objective) for name in ("labels", "tokens"))
        rows.append([objective_name(objective), f"{100 * labels / tokens:.0f}"])
    return _table("objective", "density", rows=rows)


def asked_places_table() -> Table:
    """Show how often each label builder asks about each place of a sentence, in per cent."""
    found = [row for row in stored_rows("builder_bias") if "asked" in row]
    return _places_table("asked_in_percent", found, "asked")


def filled_places_table() -> Table:
    """Show how well models fill a blank at the first places, in per cent of the best possible."""
    found = [row for row in stored_rows("builder_bias") if "raw" in row and not row["from_end"]]
    shares = [row | {"share": row["raw"] / row["oracle"]} for row in found]
    return _places_table("blank_at", shares, "share")


def instructions_picture() -> Picture:
    """Draw how often an answer is a sentence, and how often it follows, against examples."""
    found = [
        row | {name: 100 * row[name] for name in ("writes_a_sentence", "follows")}
        for row in stored_rows("instructions")
    ]
    lines = {
        WORDS(f"measured.{what}", instruction=instruction): points
        for what in ("writes_a_sentence", "follows")
        for instruction, points in curves(found, "instruction", "examples", what).items()
    }
    return curves_picture(lines, **_labels("instructions"), log_x=True)


def _table(*headings: str, rows: list[list[str]]) -> Table:
    return Table([WORDS(f"headings.{heading}") for heading in headings], rows)


def _places_table(heading: str, found: list[dict[str, Any]], column: str) -> Table:
    places, rows = sorted(_all("place", found)), []
    for builder in _all("builder", found):
        shares = [_mean(found, column, builder=builder, place=place) for place in places]
        rows.append([_title(builder), *(f"{100 * share:.0f}" for share in shares)])
    return Table([WORDS(f"headings.{heading}"), *map(str, places)], rows)


def _by_objective(name: str, rows: list[dict[str, Any]], x: str) -> Picture:
    own = {row["line"]: row["objective"] for row in rows}
    lines = curves(rows, series="line", x=x, y="percent")
    return curves_picture(lines, **_labels(name), log_x=True, objectives=own)


def _labels(name: str) -> Mapping[str, str]:
    return {label: WORDS(f"measured.{name}.{label}") for label in ("x_label", "y_label", "alt")}


def _start(row: Mapping[str, Any]) -> str:
    return f"{objective_name(row['objective'])}, {row['start']}"


def _title(name: str) -> str:
    """Return an objective's title; a name that stands for no objective is one already."""
    return objective_name(name) if name in ALL_OBJECTIVES else f"{name[0].upper()}{name[1:]}"


def _all(column: str, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    return list(dict.fromkeys(row[column] for row in rows))


def _mean(rows: Iterable[Mapping[str, Any]], column: str, **wanted: Any) -> float:
    """Average a column over the rows that hold the wanted values."""
    values = [row[column] for row in rows if wanted.items() <= row.items()]
    return sum(values) / len(values)
