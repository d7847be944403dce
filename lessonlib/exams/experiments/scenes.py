"""The matrix of notebook 07: picture objectives x abilities."""

from lessonlib.exams.experiments import Size
from lessonlib.exams.scenes.subject import FULL, QUICK, SCENES

SUBJECT = SCENES


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.planned(FULL, QUICK)
