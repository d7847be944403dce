"""The objectives of `lessonlib.samples` over arrays of token ids, many rows at once.

Every function takes ids (rows, length) and a numpy Generator and returns a :class:`Batch`. It makes
of each row the sample that the function of the same name in :mod:`lessonlib.samples` makes, with
the choices drawn as the published objective draws them; `hide_spans` and `ul2` are given theirs.

`vocab_size` is the number of ids; `pad_id` is that of padding, which stands at the end of shorter
rows; it may be left out where all rows are equally long, before and after. `start_id` is what a
decoder reads first, and a special token's id is named for its token: `mask_id`, `end_id`. All raise
TypeError or ValueError if an argument is not of its kind or outside its range, a row is too short,
or one id means two things; the message says which, and what is allowed.
"""

from lessonlib.batches.batch import Batch
from lessonlib.batches.blanks import masked
from lessonlib.batches.continuation import causal, fill_in_middle, prefix_lm
from lessonlib.batches.spans import hide_spans, span_corruption, span_lengths, span_mask, ul2

__all__ = [
    "Batch",
    "causal",
    "fill_in_middle",
    "hide_spans",
    "masked",
    "prefix_lm",
    "span_corruption",
    "span_lengths",
    "span_mask",
    "ul2",
]
