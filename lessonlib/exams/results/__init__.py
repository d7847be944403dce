"""The stored raw results, and how they are summed up."""

from lessonlib.exams.results.comparison import Best, best_rows, ranking
from lessonlib.exams.results.stored import FOLDER, Cell, Results, curves, interval, stored_rows

__all__ = [
    "FOLDER",
    "Best",
    "Cell",
    "Results",
    "best_rows",
    "curves",
    "interval",
    "ranking",
    "stored_rows",
]
