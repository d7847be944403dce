"""A transformer in numpy, to be read in one sitting: `config`, `layers`, then `transformer`.

What does not fit the model, or one another, raises TypeError or ValueError.
"""

from lessonlib.models.config import Config
from lessonlib.models.generation import generate, greedy, sampled
from lessonlib.models.training import History, train
from lessonlib.models.transformer import Transformer

__all__ = ["Config", "History", "Transformer", "generate", "greedy", "sampled", "train"]
