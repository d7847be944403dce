"""The special tokens: strings that a builder puts into a sample and that are no words.

A sentence may contain such a string as an ordinary token. Builders take it as it comes;
:func:`lessonlib.samples.restore` refuses where such a token is also a marker of the sample.
"""

import re

from lessonlib import checks

MASK = "[MASK]"  # hides one token (BERT) or a stretch of tokens (BART, GLM)
START = "<s>"  # what a decoder reads first, before it has written anything
END = "</s>"  # what a decoder writes last, where it must say itself that it has finished
PRE, SUF, MID = "<PRE>", "<SUF>", "<MID>"  # before each part, where the middle is moved to the end
SOP, EOP = "<sop>", "<eop>"  # around each hidden span that GLM writes
MODE = {"R": "[R]", "S": "[S]", "X": "[X]"}  # UL2's, first in the source: which denoiser it is

_NAMED = (MASK, START, END, PRE, SUF, MID, SOP, EOP, *MODE.values())
_SPECIAL = re.compile("|".join([*map(re.escape, _NAMED), r"<extra_id_(0|[1-9][0-9]*)>"]))


def sentinel(k: int) -> str:
    """Return the token that stands for the k-th hidden span, counted from 0 (T5, section 3.1.4)."""
    return f"<extra_id_{checks.integer(k, 'k', 0)}>"


def is_special(token: object) -> bool:
    """Say whether a token, or whatever else a target may be, is one of the special tokens."""
    return isinstance(token, str) and _SPECIAL.fullmatch(token) is not None
