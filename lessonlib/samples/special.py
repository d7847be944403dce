"""The special tokens: strings that a builder puts into a sample and that are no words.

A sentence may contain such a string as an ordinary token. Builders take it as it comes;
:func:`lessonlib.samples.restore` refuses where such a token is also a marker of the sample.
"""

import re

from lessonlib import checks

#: Hides one token (BERT) or a stretch of tokens (BART, GLM).
MASK = "[MASK]"

#: What a decoder reads first, before it has written anything.
START = "<s>"

#: What a decoder writes last, where it must say itself that it has finished.
END = "</s>"

#: Stand before prefix, suffix and middle when a text is rearranged to fill in its middle.
PRE, SUF, MID = "<PRE>", "<SUF>", "<MID>"

#: Start and end of a piece: around each hidden span that GLM writes.
SOP, EOP = "<sop>", "<eop>"

#: UL2's mode tokens, first in the source: which of the three denoisers is at work.
MODE = {"R": "[R]", "S": "[S]", "X": "[X]"}


def sentinel(k: int) -> str:
    """Return the token that stands for the k-th hidden span, counted from 0.

    See Raffel et al. 2020 (T5), section 3.1.4.
    """
    return f"<extra_id_{checks.integer(k, 'k', 0)}>"


def is_special(token: object) -> bool:
    """Say whether a token, or whatever else a target may be, is one of the special tokens."""
    return isinstance(token, str) and _SPECIAL.fullmatch(token) is not None


_NAMED = (MASK, START, END, PRE, SUF, MID, SOP, EOP, *MODE.values())
_SPECIAL = re.compile("|".join([*map(re.escape, _NAMED), r"<extra_id_(0|[1-9][0-9]*)>"]))
