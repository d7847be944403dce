"""An explorer for a change of objective: how much of the budget each of the two had."""

from lessonlib.views.explorers.base import Explorer, slider
from lessonlib.views.explorers.layout import grid
from lessonlib.views.otherwise import change_picture


def explore_changes() -> Explorer:
    """Show what two objectives leave behind that share a budget, with a slider for the shares."""
    quarters = slider("quarters", 2, 4)

    def drawn(quarters: int) -> str:
        return change_picture(quarters).html()

    def room(_: int) -> str:
        return drawn(2)

    return Explorer([quarters], [(drawn, room)], [[grid([quarters])]])
