"""The library's arguments on a page: in words, and with the scores of its own classes."""

from collections.abc import Sequence

import numpy as np

from lessonlib.bridges.forms import IGNORED, WORDS, to_transformers
from lessonlib.bridges.tiny import CLASSES
from lessonlib.bridges.training import stored
from lessonlib.exams.measurement import NATIVE, Row
from lessonlib.exams.results import Results
from lessonlib.exams.sentences.short import QUESTIONS, scores
from lessonlib.exams.vocabulary import PAD
from lessonlib.samples import Sample
from lessonlib.views.figures import ability_name, objective_name
from lessonlib.views.tables import Table


class _Numbers(dict):
    """Gives every token that comes up the next id."""

    def __missing__(self, token: str) -> int:
        return self.setdefault(token, len(self))


def library_table(*samples: Sample, end: str | None = None) -> Table:
    """Show what transformers is given for samples of one objective, with words in place of ids.

    `end` is the token that closes source and targets of an encoder-decoder.
    """
    ids = _Numbers()
    given = {"pad_id": ids[PAD], "end_id": None if end is None else ids[end]}
    arrays = to_transformers(samples, ids.__getitem__, **given)
    word = {number: token for token, number in ids.items()} | {IGNORED: str(IGNORED)}
    rows = []
    for name, array in arrays.items():
        if name != "attention_mask":
            cells = [[word[number] for number in row] for row in array.tolist()]
        else:
            cells = [_said_of(row) for row in array]
        rows += [[name, " ".join(row)] for row in cells]
    return Table([WORDS("headings.name"), WORDS("headings.values")], rows)


def _said_of(mask: np.ndarray) -> Sequence[str]:
    if mask.ndim == 1:
        return [str(number) for number in mask.tolist()]
    return [WORDS("mask_of", rows=mask.shape[-2], columns=mask.shape[-1])]


def library_matrix(rows: Sequence[Row] = ()) -> Table:
    """Show the scores of the library's own classes: the stored ones, if no rows are given."""
    rows = rows or stored()
    named = {name: f"{CLASSES[name]} ({objective_name(name)})" for name in CLASSES}
    lines = []
    for objective, name in named.items():
        found = scores([row for row in rows if row["objective"] == objective])
        lines.append([name, *(f"{sum(own) / len(own):.0f}" for own in found.values())])
    return Table([WORDS("headings.class"), *map(ability_name, QUESTIONS)], lines)


def course_matrix() -> Table:
    """Show the same cells of the stored matrix: the course's own models and its own training."""
    cells, rows = Results.stored().matrix(*QUESTIONS), []
    for objective in CLASSES:
        own = (cells[objective, ability, NATIVE].mean for ability in QUESTIONS)
        rows.append([objective_name(objective), *(f"{100 * mean:.0f}" for mean in own)])
    return Table([WORDS("headings.own"), *map(ability_name, QUESTIONS)], rows)
