"""Understanding as it is really used: matching, its layers and its tuning, and heads."""

from collections import Counter
from collections.abc import Mapping, Sequence

from lessonlib.exams.measurement import NATIVE, Row
from lessonlib.exams.results import NEVER_READ, Cell, curves, stored_rows
from lessonlib.exams.sentences.abilities import MATCHED
from lessonlib.exams.sentences.features import BagOfWords
from lessonlib.views.dots import dots_picture, summed_up, values_in_words
from lessonlib.views.drawing import Picture, rect, svg, text, width_of
from lessonlib.views.explorers.scores import metric_name
from lessonlib.views.figures import ability_name, colour_of, objective_name
from lessonlib.views.matrix import NO_WAY, curves_picture, ends_in_words, in_words
from lessonlib.views.tables import WORDS, Table

WIDE, HIGH, HEAD = 62, 26, 58  # a cell of a heat map, and the room for two lines above
DEEPEST = 0.6  # how much of its route's colour the best cell has: ink must stay legible on it
POOLINGS = ("mean", "max", "last")


def matching_table(*objectives: str) -> Table:
    """Show how often the right sentence is found: by each objective, and by what must not win.

    Beside the chosen states of each model stand its own averaged word vectors; once, a bag of
    words.
    """
    rows = [row for row in stored_rows("exam") if row["ability"] == "matching" and row["usual"]]
    rows = [row for row in rows if row["meanings"] in NEVER_READ and row["answer"] == NATIVE]
    known = dict.fromkeys(row["objective"] for row in rows)
    lines = {}
    for name in objectives or known:
        for baseline in (None, "word_vectors"):
            said = objective_name(name)
            line = said if baseline is None else WORDS("understanding.vectors", name=said)
            lines[line] = _where(rows, objective=name, baseline=baseline)
    first = next(iter(objectives or known))
    lines[WORDS("understanding.bag")] = _where(rows, objective=first, baseline=BagOfWords.name)
    told = [
        [line, *(in_words(summed_up(_where(found, metric=metric))) for metric in MATCHED)]
        for line, found in lines.items()
        if found
    ]
    return Table([WORDS("headings.objective"), *map(metric_name, MATCHED)], told)


def chosen_table(ability: str, *objectives: str) -> Table:
    """Say which layer and pooling each random start chose on other sentences, and how often."""
    rows = [row for row in stored_rows("exam") if row["ability"] == ability and row.get("chosen")]
    rows = [row for row in rows if row["usual"] and row["meanings"] in NEVER_READ]
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    told = []
    for name in objectives or dict.fromkeys(row["objective"] for row in rows):
        own = _where(rows, objective=name)
        ways = ([row["chosen"] for row in _where(own, metric=metric)] for metric in metrics)
        told.append([objective_name(name), *map(_counted, ways)])
    return Table([WORDS("headings.objective"), *map(metric_name, metrics)], told)


def _counted(ways: Sequence[str]) -> str:
    return "; ".join(f"{way} ({count} x)" for way, count in Counter(ways).most_common())


def features_picture(ability: str, metric: str, *objectives: str) -> Picture:
    """Draw what every layer and pooling gives, on unread meanings: a heat map.

    It has a row for each objective, or for some, in the colour of its route: the stronger, the
    better.
    """
    rows = _where(stored_rows("feature_grid"), ability=ability, metric=metric)
    rows = [row for row in rows if row["meanings"] in NEVER_READ]
    depths = sorted({_depth(row) for row in rows})
    columns = [(depth, pooling) for depth in depths for pooling in POOLINGS]
    lines, colours = {}, {}
    for name in objectives or dict.fromkeys(row["objective"] for row in rows):
        own = _where(rows, objective=name)
        colours[objective_name(name)] = colour_of(name)
        lines[objective_name(name)] = [
            summed_up([row for row in own if (_depth(row), row["pooling"]) == column])
            for column in columns
        ]
    heads = [(WORDS("understanding.layer", number=depth), pooling) for depth, pooling in columns]
    said = "; ".join(
        f"{name}: {', '.join(in_words(cell) for cell in cells)}" for name, cells in lines.items()
    )
    asked = f"{ability_name(ability)}, {metric_name(metric)}"
    alt = WORDS("understanding.features_alt", asked=asked, values=said)
    return _heat(heads, lines, colours, alt)


def _depth(row: Row) -> int:
    """Return the number of a layer; 0 are the word vectors."""
    return int(row["layer"].rpartition(".")[2])


def _heat(
    heads: Sequence[tuple[str, str]],
    lines: Mapping[str, Sequence[Cell | None]],
    colours: Mapping[str, str],
    alt: str,
) -> Picture:
    left = 20 + round(max(width_of(name, 13) for name in lines))
    parts = []
    for number, words in enumerate(heads):
        for line, word in enumerate(words):
            x = left + WIDE * (number + 0.5)
            parts.append(text(x, 20 + 18 * line, word, "middle", 12))
    for row, (name, cells) in enumerate(lines.items()):
        y = HEAD + HIGH * row
        parts.append(text(left - 10, y + 18, name, "end"))
        for number, cell in enumerate(cells):
            x = left + WIDE * number
            share = 0.0 if cell is None else min(max(cell.mean, 0), 1)
            box = {"fill": colours[name], "fill_opacity": round(DEEPEST * share, 2)}
            parts.append(rect(x, y, WIDE - 2, HIGH - 2, **box))
            said = NO_WAY if cell is None else f"{round(100 * cell.mean)}"
            parts.append(text(x + WIDE / 2 - 1, y + 17, said, "middle", 12))
    size = left + WIDE * len(heads) + 12, HEAD + HIGH * len(lines) + 10
    return Picture(svg(*size, *parts), alt)


def contrastive_picture() -> Picture:
    """Draw how well states match before and after contrastive tuning, by each metric."""
    rows = [row for row in stored_rows("contrastive") if row["meanings"] in NEVER_READ]
    panels, colours = {}, {}
    for metric in MATCHED:
        lines = {}
        for row in _where(rows, metric=metric):
            said = WORDS(
                "understanding.tuned" if row["examples"] else "understanding.raw",
                name=objective_name(row["objective"]),
                start=row["start"],
                count=row["examples"],
            )
            lines.setdefault(said, []).append(row)
            colours[said] = colour_of(row["objective"])
        panels[metric_name(metric)] = {said: summed_up(found) for said, found in lines.items()}
    alt = WORDS("understanding.contrastive_alt", values=values_in_words(panels))
    return dots_picture(panels, alt, colours)


def heads_picture(task: str) -> Picture:
    """Draw how models with a new head profit from examples of a task, and those without a past."""
    rows = _where(stored_rows("fine_tuning"), ability=task, metric="right")
    rows = [
        row
        | {"line": WORDS("understanding.start", name=objective_name(row["objective"]),
                         start=row["start"])}
        for row in rows
        if row["meanings"] in NEVER_READ
    ]  # fmt: skip
    own = {row["line"]: row["objective"] for row in rows}
    labels = {key: WORDS(f"understanding.heads.{key}") for key in ("x_label", "y_label")}
    lines = curves(rows, series="line", x="examples", y="score")
    values = ends_in_words(lines)
    alt = WORDS("understanding.heads.alt", task=WORDS(f"tasks.{task}"), values=values)
    return curves_picture(lines, **labels, alt=alt, log_x=True, objectives=own)


def heads_table(task: str) -> Table:
    """Show the same numbers, each with its interval."""
    rows = _where(stored_rows("fine_tuning"), ability=task, metric="right")
    rows = [row for row in rows if row["meanings"] in NEVER_READ]
    counts = sorted({row["examples"] for row in rows})
    told = []
    for name in dict.fromkeys(row["objective"] for row in rows):
        for start in dict.fromkeys(row["start"] for row in rows):
            own = _where(rows, objective=name, start=start)
            cells = (summed_up(_where(own, examples=count)) for count in counts)
            line = WORDS("understanding.start", name=objective_name(name), start=start)
            told.append([line, *map(in_words, cells)])
    examples = [WORDS("understanding.examples", count=count) for count in counts]
    return Table([WORDS(f"tasks.{task}"), *examples], told)


def _where(rows: Sequence[Row], **wanted: object) -> list[Row]:
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
