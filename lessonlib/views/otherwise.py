"""What comes of practising otherwise: packed, hidden, weighed, turned round, mixed, changed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lessonlib.exams.experiments.fine_tuning import STARTS
from lessonlib.exams.measurement import NATIVE, WORKAROUND, Row
from lessonlib.exams.multiplications import written
from lessonlib.exams.results import curves, stored_rows
from lessonlib.models import Config
from lessonlib.models.unmasking import SUREST
from lessonlib.views.dots import Lines, dots_picture, summed_up, values_in_words
from lessonlib.views.drawing import Picture
from lessonlib.views.explorers.scores import metric_name
from lessonlib.views.figures import ability_name, colour_of, objective_name
from lessonlib.views.matrix import curves_picture, ends_in_words, in_words
from lessonlib.views.tables import WORDS, Table

UNREAD = ("unread", "all")  # what is shown of what was asked about
#: What is asked of a model that practised one objective and then the other, and by which metric.
AFTER_A_CHANGE = (
    ("continuation", "valid"),
    ("continuation", "cross_entropy"),
    ("blank", "top1"),
    ("blank", "cross_entropy"),
    ("who_gives", "right"),
)
BY_RATE = (
    ("blank", "cross_entropy"),
    ("missing_span", "exact"),
    ("missing_span", "cross_entropy"),
)
MIXED = ("paraphrase", "shorten", "translate", "answer")


def packing_picture() -> Picture:
    """Draw how well words are said, alone and after other texts, for every way of packing."""
    rows = _found("packing", metric="cross_entropy")
    panels: dict[str, Lines] = {}
    for steps in sorted({row["steps"] for row in rows}):
        for before in sorted({row["before"] for row in rows}):
            key = "packed_behind" if before else "packed_alone"
            panels[WORDS(f"otherwise.{key}", steps=f"{steps:,}")] = {
                WORDS(f"otherwise.packed_{way}"): summed_up(
                    _where(rows, steps=steps, before=before, packed=way)
                )
                for way in dict.fromkeys(row["packed"] for row in rows)
            }
    return _dots("packed", panels)


def passes_picture(order: str = SUREST) -> Picture:
    """Draw how many sentences come out right after so many passes; causal LM has one point."""
    rows = _found("passes", metric="valid")
    lines = []
    for row in rows:
        passed = row.get("passes") or round(row["forward_passes"])
        if row.get("order", order) == order:
            lines.append(row | {"line": objective_name(row["objective"]), "passes": passed})
    return _curves("passes", lines, "passes")


def passes_table() -> Table:
    """Show how many sentences come out right with a pass for each word, and how rare they are."""
    rows, told = _found("passes"), []
    most = max(row.get("passes", 0) for row in rows)
    for name in dict.fromkeys(row["objective"] for row in rows):
        own = _where(rows, objective=name)
        for order in dict.fromkeys(row.get("order") for row in own):
            at = {} if order is None else {"order": order, "passes": most}
            right, surprise = (_where(own, metric=metric, **at) for metric in ("valid", "surprise"))
            nats = sum(row["raw"] for row in surprise) / len(surprise)
            how = WORDS(f"passes.{order}" if order else "otherwise.left_to_right")
            told.append([objective_name(name), how, in_words(summed_up(right)), f"{nats:.1f}"])
    heads = ("headings.objective", "otherwise.order", "metrics.valid", "otherwise.surprise")
    return Table([WORDS(head) for head in heads], told)


def weights_table() -> Table:
    """Show what is learned where answers count alike, and where texts do."""
    rows = _found("loss_weighting", metric="cross_entropy")
    last = max(row["place"] for row in rows if "place" in row)
    lines: dict[str, Row] = {
        "one_blank": {"hidden": "one"},
        "half_blanks": {"hidden": "half"},
        "all_blanks": {"hidden": "all"},
        "first_sentence": {"place": 1},
        "later_sentence": {"place": last},
    }
    columns = ("answers", "texts")
    told = [
        [
            WORDS(f"otherwise.{name}"),
            *(_said(rows, alike=alike, **wanted) for alike in columns),
        ]
        for name, wanted in lines.items()
    ]
    headings = ["asked_about", *(f"alike_{alike}" for alike in columns)]
    return Table([WORDS(f"otherwise.{heading}") for heading in headings], told)


def masking_rates_picture() -> Picture:
    """Draw what masked LM learns at every rate of hiding, ability by ability."""
    lines = [
        row | {"line": _by_metric(ability, metric, BY_RATE), "percent": round(100 * row["rate"])}
        for row in _found("masking_rate")
        for ability, metric in BY_RATE
        if (row["ability"], row["metric"]) == (ability, metric)
    ]
    return _curves("rates", lines, "percent")


def after_change(quarters: int) -> dict[str, Lines]:
    """Return scores where so many quarters of the budget were causal LM, by what came last.

    At both ends one objective had all of it, and there is one panel.
    """
    rows = [row for row in _found("midway") if "later" not in row]
    share, panels = quarters / 4, {}
    for last, first in (("masked", "causal"), ("causal", "masked")):
        change = share if last == "masked" else 1 - share
        wanted = {"objective": first, "change": change}
        if change in (0, 1):  # there was no change
            if change == 1:
                continue
            wanted = {"objective": last, "change": 1.0}
        panels[WORDS(f"otherwise.last_{last}")] = {
            _by_metric(ability, metric, AFTER_A_CHANGE): summed_up(
                _where(rows, **wanted, ability=ability, metric=metric)
            )
            for ability, metric in AFTER_A_CHANGE
        }
    return panels


def change_picture(quarters: int) -> Picture:
    """Draw scores where so many quarters of the budget, 0 to 4, were causal LM."""
    panels = after_change(quarters)
    alt = WORDS("otherwise.change_alt", quarters=quarters, values=values_in_words(panels))
    return dots_picture(panels, alt)


def conversion_table() -> Table:
    """Show what going on with the other objective reaches, beside having practised it all along."""
    rows = _found("midway")
    going_on = [row for row in rows if row.get("later")]
    later, steps = going_on[0]["later"], max(row["steps"] for row in rows if "later" not in row)
    told = []
    for first, last in (("causal", "masked"), ("masked", "causal")):
        named = {"first": objective_name(first), "last": objective_name(last)}
        named |= {"steps": f"{steps:,}", "later": f"{later:,}"}
        own = _where(going_on, objective=first)
        all_along = [row for row in _where(rows, objective=last, change=1.0) if "later" not in row]
        for key, some in (
            ("went_on", _where(own, start="converted")),
            ("from_scratch", _where(own, start="from_scratch")),
            ("all_along", all_along),
        ):
            cells = (
                _said(some, ability=ability, metric=metric) for ability, metric in AFTER_A_CHANGE
            )
            told.append([WORDS(f"otherwise.{key}", **named), *cells])
    heads = (_by_metric(*one, AFTER_A_CHANGE) for one in AFTER_A_CHANGE)
    return Table([WORDS("otherwise.after_practice"), *heads], told)


def reversal_picture(metric: str = "among_names") -> Picture:
    """Draw how often the right name is said, from the side that was told or another.

    `metric` is "among_names" (of 20) or "right" (of all words).
    """
    rows = _where(stored_rows("reversal"), metric=metric)
    panels: dict[str, Lines] = {}
    colours = {}
    for ability in dict.fromkeys(row["ability"] for row in rows):
        lines = panels[WORDS(f"otherwise.{ability}")] = {}
        for name in dict.fromkeys(row["objective"] for row in rows):
            for answer in (NATIVE, WORKAROUND):
                said = objective_name(name)
                line = said if answer == NATIVE else WORDS("otherwise.by_trying", name=said)
                colours[line] = colour_of(name)
                some = _where(rows, ability=ability, objective=name, answer=answer)
                lines[line] = summed_up(some)
    return _dots("reversal", panels, colours)


def one_stack_table() -> Table:
    """Show what each keeps on four tasks at once, and in brackets without any pretraining.

    Who has cost as much in pretraining is compared. A work-around has a row of its own.
    """
    rows, told = _where(_found("one_stack"), metric="kept"), []
    for name, answer in dict.fromkeys((row["objective"], row["answer"]) for row in rows):
        own, cells = _where(rows, objective=name, answer=answer), []
        for task in MIXED:
            some = _where(own, ability=task)
            reached, twin = (_said(some, "raw", start=at) for at in STARTS)
            cells.append(WORDS("otherwise.twin", reached=reached, twin=twin))
        said = objective_name(name)
        told.append([said if answer == NATIVE else WORDS("otherwise.surest", name=said), *cells])
    return Table([WORDS("headings.objective"), *map(metric_name, MIXED)], told)


def look_up_picture() -> Picture:
    """Draw how often a value is looked up that stood in the text so often before."""
    lines = [
        row | {"line": WORDS(f"otherwise.{row['practice']}"), "score": row["raw"]}
        for row in stored_rows("examples_in_text")
    ]
    return _curves("look_up", lines, "examples")


def looking_ahead_table() -> Table:
    """Show what a second head does to the first one, and how often its proposals are confirmed."""
    rows, told = _found("looking_ahead"), []
    asked = {"continuation": ("valid", "cross_entropy"), "propose": ("confirmed",)}
    columns = [(ability, metric) for ability, metrics in asked.items() for metric in metrics]
    for practice in dict.fromkeys(row["practice"] for row in rows):
        own = _where(rows, practice=practice)
        cells = (_said(own, ability=ability, metric=metric) for ability, metric in columns[:-1])
        confirmed = _said(own, "raw", ability=columns[-1][0])
        told.append([WORDS(f"otherwise.{practice}"), *cells, confirmed])
    heads = [metric_name(metric) for _, metric in columns]
    return Table([WORDS("otherwise.after_practice"), *heads], told)


def writing_table(config: Config, *lengths: int, passes: int) -> Table:
    """Count the multiplications of writing so many words, in each way, in millions.

    Masked diffusion takes so many `passes`, or one for every two words, or one for each.
    """
    ways: dict[str, Callable[[int], dict[str, Any]]] = {
        WORDS("otherwise.keeps"): lambda _: {},
        WORDS("otherwise.reads_again"): lambda _: {"kept": False},
        WORDS("otherwise.in_passes", count=passes): lambda _: {"passes": passes},
        WORDS("otherwise.in_half_as_many"): lambda words: {"passes": words // 2},
        WORDS("otherwise.in_as_many"): lambda words: {"passes": words},
    }
    told = [
        [way, *(_millions(written(config, words, **how(words))) for words in lengths)]
        for way, how in ways.items()
    ]
    heads = (WORDS("otherwise.writing", words=f"{words:,}") for words in lengths)
    return Table([WORDS("otherwise.multiplications"), *heads], told)


def _millions(count: float) -> str:
    return f"{count / 1e6:,.0f}" if count > 1e8 else f"{count / 1e6:.1f}"


def _by_metric(ability: str, metric: str, asked: Sequence[tuple[str, str]]) -> str:
    """Name what is asked, with its metric if another one is shown as well."""
    name = ability_name(ability)
    alone = sum(ability == other for other, _ in asked) == 1
    return name if alone else WORDS("otherwise.asked", ability=name, metric=metric_name(metric))


def _dots(
    name: str, panels: Mapping[str, Lines], colours: Mapping[str, str] | None = None
) -> Picture:
    there = {
        heading: {line: cell for line, cell in lines.items() if cell is not None}
        for heading, lines in panels.items()
    }
    alt = WORDS(f"otherwise.{name}_alt", values=values_in_words(there))
    return dots_picture(there, alt, colours)


def _curves(name: str, rows: list[Row], x: str) -> Picture:
    lines = curves(rows, series="line", x=x, y="score")
    labels = {key: WORDS(f"otherwise.{name}.{key}") for key in ("x_label", "y_label")}
    alt = WORDS(f"otherwise.{name}.alt", values=ends_in_words(lines))
    own = {row["line"]: row["objective"] for row in rows}
    differ = len({*own.values()}) > 1  # else they are of one route, and its colour tells nothing
    return curves_picture(lines, **labels, alt=alt, log_x=False, objectives=own if differ else None)


def _found(experiment: str, **wanted: Any) -> list[Row]:
    """Read native answers about what nobody has read, or about all that was written."""
    rows = (row for row in stored_rows(experiment) if row["meanings"] in UNREAD)
    return _where(rows, **wanted)


def _said(rows: Sequence[Row], column: str = "score", **wanted: Any) -> str:
    return in_words(summed_up(_where(rows, **wanted), column))


def _where(rows: Any, **wanted: Any) -> list[Row]:
    return [row for row in rows if wanted.items() <= row.items()]
