"""The matrix of notebook 04: objectives x abilities, with five random starts."""

from lessonlib.exams.experiments import Size
from lessonlib.exams.sentences.subject import FULL, QUICK, SENTENCES

SUBJECT = SENTENCES


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.planned(FULL, QUICK)
