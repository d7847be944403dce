"""The course's samples, batches and models beside those of other libraries.

`to_transformers` needs numpy alone. What trains and asks the library's own models needs the extra
``real`` (transformers and torch), and says so where it is missing.
"""

from lessonlib.bridges.asking import ask
from lessonlib.bridges.forms import to_transformers
from lessonlib.bridges.showing import course_matrix, library_matrix, library_table
from lessonlib.bridges.tiny import tiny_model, tokenizer
from lessonlib.bridges.training import measure, practise

__all__ = [
    "ask",
    "course_matrix",
    "library_matrix",
    "library_table",
    "measure",
    "practise",
    "tiny_model",
    "to_transformers",
    "tokenizer",
]
