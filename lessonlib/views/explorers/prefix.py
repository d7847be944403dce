"""An explorer for the prefix LM: move the line between what is read and what is written."""

from collections.abc import Sequence

from lessonlib.samples import SENTENCE, prefix_lm
from lessonlib.views.explorers.base import OneSentence, slider
from lessonlib.views.explorers.layout import largest_strip
from lessonlib.views.strips import strip


def prefix_strip(tokens: Sequence[str], split: int) -> str:
    """Draw the prefix LM sample in both its forms: one stack, or encoder and decoder."""
    one_stack = prefix_lm(tokens, split)
    two_stacks = prefix_lm(tokens, split, architecture="encoder-decoder")
    return strip(one_stack) + strip(two_stacks)


def _room(tokens: Sequence[str], split: int) -> str:
    count = len(tokens)
    one_stack = prefix_lm(tokens, split)
    two_stacks = prefix_lm(tokens, split, architecture="encoder-decoder")
    sizes = [(split, count - split) for split in range(1, count)]
    return largest_strip(one_stack, [(0, count - 1)]) + largest_strip(two_stacks, sizes)


def explore_prefix(text: str = SENTENCE) -> OneSentence:
    """Show a prefix LM sample with a slider for the length of the prefix.

    Parameters
    ----------
    text : str
        A sentence; it can be changed on the page.

    Returns
    -------
    OneSentence
        A widget; the last line of a cell shows it.
    """
    reach = {slider("prefix length", 3, 7, smallest=1): lambda count: count - 1}
    return OneSentence(prefix_strip, text, reach, _room)
