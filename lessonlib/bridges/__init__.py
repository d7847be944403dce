"""The course's samples, batches and models beside those of other libraries.

`to_transformers` needs numpy alone. What trains and asks the library's own models needs the extra
``real`` (transformers and torch), and says so where it is missing.
"""

from lessonlib.bridges.forms import to_transformers

__all__ = ["to_transformers"]
