"""An explorer for the prefix LM: move the line between what is read and what is written."""

from collections.abc import Sequence

from lessonlib.samples import SENTENCE, prefix_lm
from lessonlib.samples.registry import BOTH
from lessonlib.views.explorers.base import OneSentence, slider
from lessonlib.views.explorers.layout import largest_strip
from lessonlib.views.strips import strip


def prefix_strip(tokens: Sequence[str], split: int) -> str:
    """Draw the prefix LM sample in both its forms: one stack, or encoder and decoder."""
    two_stacks = prefix_lm(tokens, split, architecture=BOTH)
    return strip(prefix_lm(tokens, split)) + strip(two_stacks)


def _room(tokens: Sequence[str], split: int) -> str:
    count = len(tokens)
    two_stacks = prefix_lm(tokens, split, architecture=BOTH)
    sizes = [(split, count - split) for split in range(1, count)]
    one_stack = largest_strip(prefix_lm(tokens, split), [(0, count - 1)])
    return one_stack + largest_strip(two_stacks, sizes)


def explore_prefix(text: str = SENTENCE) -> OneSentence:
    """Show a prefix LM sample with a slider for the length of the prefix."""
    reach = {slider("prefix_length", 3, 7, smallest=1): lambda count: count - 1}
    return OneSentence(prefix_strip, text, reach, _room)
