"""A transformer in numpy, small enough to read in one sitting, and how it is trained and used.

Read `config`, `layers` and `transformer`, in this order. What does not fit the model, or one
another, raises TypeError or ValueError.
"""

from lessonlib.models.config import Config
from lessonlib.models.generation import generate, greedy, sampled
from lessonlib.models.training import History, train
from lessonlib.models.transformer import Transformer

__all__ = ["Config", "History", "Transformer", "generate", "greedy", "sampled", "train"]
