"""The stored measurements, one table or picture for each question that a notebook asks of them.

Raw rows and how they are summed up: `lessonlib.exams.results`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lessonlib.exams.results import Results, best_rows, curves, stored_rows
from lessonlib.exams.sentences.recipes import ways_in_words
from lessonlib.views.figures import Picture
from lessonlib.views.matrix import (
    ABILITIES,
    Key,
    Scored,
    curves_picture,
    matrix_picture,
    matrix_table,
    objective_name,
)
from lessonlib.views.strips import ALL_OBJECTIVES
from lessonlib.views.tables import Table

TASKS = {"writing": "continuation", "blank": "blank", "missing_span": "missing_span"}


def stored_matrix_picture() -> Picture:
    """Draw the stored matrix of notebook 04."""
    alt = (
        "The stored matrix. Causal LM leads at continuing, masked LM at one blank, span corruption "
        "at missing stretches. The mixtures have the highest means at rewriting. Untrained models "
        "score about zero or less."
    )
    return matrix_picture(Results.stored().matrix(), alt)


def stored_matrix_table(*objectives: str) -> Table:
    """Show the native scores of the stored matrix: some of its rows, or all if none is named."""
    cells = Results.stored().matrix()
    return matrix_table(
        {k: cell for k, cell in cells.items() if not objectives or k[0] in objectives}
    )


def without_seeing_table(objective: str) -> Table:
    """Show how often a picture model is right, ability by ability, with another picture in view."""
    shares = Results.stored("scenes").baseline(objective).items()
    rows = [[ABILITIES[ability], f"{share:.0%}"] for ability, share in shares]
    return Table(["ability", "right with another picture"], rows)


def ways_table(*objectives: str) -> Table:
    """Say how objectives answer natively and by their work-around, in a sentence each.

    Parameters
    ----------
    *objectives : str
        Such as "causal".

    Returns
    -------
    Table
        A dash where there is no work-around.
    """
    said = ways_in_words(*objectives)
    rows = [
        [
            f"{ABILITIES[ability]}, {objective_name(objective)}",
            *(said.get((objective, task, answer), "–") for answer in ("native", "workaround")),
        ]
        for task, ability in TASKS.items()
        for objective in objectives
    ]
    return Table(["ability, objective", "native", "work-around"], rows)


def price_table(cells: Mapping[Key, Scored], pairs: Iterable[tuple[str, str]]) -> Table:
    """Set what native answers and work-arounds score beside what they cost.

    Parameters
    ----------
    cells : mapping
        The matrix, from (objective, ability, answer) to a score.
    pairs : iterable of (str, str)
        Objective and ability, both measured in both ways.

    Returns
    -------
    Table
        A pass is one run of the model over one text.
    """
    headings = ["objective, ability", "native", "passes", "work-around", "passes"]
    rows = []
    for objective, ability in pairs:
        row = [f"{objective_name(objective)}, {ABILITIES[ability].lower()}"]
        for answer in ("native", "workaround"):
            cell = cells[objective, ability, answer]
            row += [f"{100 * cell.mean:.0f}", f"{cell.forward_passes:.0f}"]
        rows.append(row)
    return Table(headings, rows)


def best_rows_table() -> Table:
    """Name the best native row of every column of the stored matrix, and the row behind it.

    Returns
    -------
    Table
        A lead is clear if its 95 % interval, seed by seed, lies above zero.
    """
    rows = [
        [
            ABILITIES[best.ability],
            objective_name(best.objective),
            objective_name(best.runner_up),
            "yes" if best.clear else "no",
        ]
        for best in best_rows(Results.stored())
        if best.answer == "native"
    ]
    return Table(["ability", "best", "second", "clear lead?"], rows)


def harder_world_table() -> Table:
    """Show the native scores of three objectives and the control in the harder world."""
    return matrix_table(Results.stored("harder_world").matrix())


def real_english_table() -> Table:
    """Show how surprised models of real English are by the right word, in nats."""
    found = stored_rows("real_english")
    objectives = list(dict.fromkeys(row["objective"] for row in found))
    rows = []
    for ability in ("continuation", "blank"):
        asked = [row for row in found if row["ability"] == ability]
        means = [_mean(asked, "cross_entropy", objective=objective) for objective in objectives]
        floor = _mean(asked, "floor_cross_entropy")
        rows.append([ABILITIES[ability], *(f"{mean:.2f}" for mean in (*means, floor))])
    return Table(["ability", *map(objective_name, objectives), "common words only"], rows)


def fine_tuning_picture() -> Picture:
    """Draw how six starting points profit from examples of missing stretches."""
    rows = [
        row | {"line": _start(row), "percent": 100 * row["score"]}
        for row in stored_rows("fine_tuning")
        if row["ability"] == "missing_span"
    ]
    alt = (
        "Score on missing stretches against the number of fine-tuning examples, one line for each "
        "objective and start. Span corruption, pretrained, rises far above all other lines."
    )
    lines = curves(rows, series="line", x="examples", y="percent")
    own = {row["line"]: row["objective"] for row in rows}
    return curves_picture(lines, "fine-tuning examples", "score", alt, True, own)


def fine_tuning_table() -> Table:
    """Show where six starting points end, for each purpose of the fine-tuning."""
    found = stored_rows("fine_tuning")
    most = max(row["examples"] for row in found)
    purposes = list(dict.fromkeys(row["ability"] for row in found))
    rows = []
    for start in dict.fromkeys(map(_start, found)):
        own = [row for row in found if _start(row) == start and row["examples"] == most]
        rows.append([start, *(f"{100 * _mean(own, 'score', ability=p):.0f}" for p in purposes)])
    return Table([f"after {most} examples", *(ABILITIES[purpose] for purpose in purposes)], rows)


def surprises_table() -> Table:
    """Show what other practice does to masked LM and span corruption.

    Returns
    -------
    Table
        Scores of the better way to answer, native or work-around.
    """
    abilities = ("continuation", "blank", "missing_span")
    metrics = Results.stored().abilities()
    found = stored_rows("surprises")
    rows = []
    for variant in dict.fromkeys(row["variant"] for row in found):
        row = [_title(variant)]
        for ability in abilities:
            wanted = {"variant": variant, "ability": ability, "metric": metrics[ability]}
            ways = {one["answer"] for one in found if wanted.items() <= one.items()}
            best = max(_mean(found, "score", answer=way, **wanted) for way in ways)
            row.append(f"{100 * best:.0f}")
        rows.append(row)
    return Table(["practised", *(ABILITIES[ability] for ability in abilities)], rows)


def signal_density_picture() -> Picture:
    """Draw each objective's own ability against the number of words that the model has read."""
    found = stored_rows("signal_density")
    rows = [
        row
        | {"line": objective_name(row["objective"])}
        | {"thousands": round(row["tokens"] / 1000), "percent": 100 * row["score"]}
        for row in found
    ]
    alt = (
        "Score at the practised ability against words read. Causal LM is near the top from the "
        "start; masked LM and span corruption need several times as many words to get there."
    )
    lines = curves(rows, series="line", x="thousands", y="percent")
    own = {row["line"]: row["objective"] for row in rows}
    return curves_picture(lines, "thousands of words read", "score", alt, True, own)


def signal_density_table() -> Table:
    """Show how many questions each objective asks about 100 words."""
    found = stored_rows("signal_density")
    rows = []
    for objective in dict.fromkeys(row["objective"] for row in found):
        labels, tokens = (_mean(found, name, objective=objective) for name in ("labels", "tokens"))
        density = 100 * labels / tokens
        rows.append([objective_name(objective), f"{density:.0f}"])
    return Table(["objective", "questions in 100 words"], rows)


def asked_places_table() -> Table:
    """Show how often each label builder asks about each place of a sentence, in per cent."""
    found = [row for row in stored_rows("builder_bias") if "asked" in row]
    places = sorted({row["place"] for row in found})
    rows = []
    for builder in dict.fromkeys(row["builder"] for row in found):
        shares = {row["place"]: row["asked"] for row in found if row["builder"] == builder}
        rows.append([_title(builder), *(f"{100 * shares[place]:.0f}" for place in places)])
    return Table(["asked, in %", *map(str, places)], rows)


def filled_places_table() -> Table:
    """Show how well models fill a blank at the first places, in per cent of the best possible."""
    found = [row for row in stored_rows("builder_bias") if "raw" in row and not row["from_end"]]
    found = [row | {"share": row["raw"] / row["oracle"]} for row in found]
    places = sorted({row["place"] for row in found})
    rows = []
    for builder in dict.fromkeys(row["builder"] for row in found):
        shares = [_mean(found, "share", builder=builder, place=place) for place in places]
        rows.append([_title(builder), *(f"{100 * share:.0f}" for share in shares)])
    return Table(["blank at place", *map(str, places)], rows)


def instructions_picture() -> Picture:
    """Draw how often an answer is a sentence, and how often it follows, against examples."""
    found = [
        row | {name: 100 * row[name] for name in ("writes_a_sentence", "follows")}
        for row in stored_rows("instructions")
    ]
    both = {"writes a proper sentence": "writes_a_sentence", "follows the instruction": "follows"}
    lines = {
        f"{what}: {instruction}": points
        for what, column in both.items()
        for instruction, points in curves(found, "instruction", "examples", column).items()
    }
    alt = (
        "Shares of answers that are proper sentences, and that follow the instruction, against the "
        "number of instruction examples. Following starts near zero and rises with examples."
    )
    return curves_picture(lines, "instruction examples", "per cent of answers", alt, log_x=True)


def _start(row: Mapping[str, Any]) -> str:
    return f"{objective_name(row['objective'])}, {row['start']}"


def _title(name: str) -> str:
    """Return an objective's title; a name that stands for no objective is one already."""
    return objective_name(name) if name in ALL_OBJECTIVES else f"{name[0].upper()}{name[1:]}"


def _mean(rows: Iterable[Mapping[str, Any]], column: str, **wanted: Any) -> float:
    """Average a column over the rows that hold the wanted values."""
    values = [row[column] for row in rows if wanted.items() <= row.items()]
    return sum(values) / len(values)
