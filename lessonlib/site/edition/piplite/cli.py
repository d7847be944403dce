"""What ``%pip`` does in a cell."""

from collections.abc import Sequence

from lessonlib.words import Words


async def get_transformed_code(words: Sequence[str]) -> str:
    """Return the code that stands for a line with ``%pip``: it says that nothing is installed."""
    return f"print({Words('edition')('nothing_is_installed')!r})\n"
