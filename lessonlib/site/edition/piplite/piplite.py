"""The part that the kernel calls when it starts; it also sets attributes of this module."""

import asyncio
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

CHANNEL = "lessonlib"  # on which the page hears that Python is ready
_USED_FIRST = "lessonlib.views.explorers.hiding"
_TERMINAL = "IPython.terminal.embed"


async def install(*requirements: Any, **options: Any) -> None:
    """Install nothing: what the course needs is there, or the course does without it.

    The kernel asks for the last time just before it is ready.
    """
    leave_out_the_terminal()
    asyncio.get_running_loop().call_soon(_be_ready)


def leave_out_the_terminal() -> None:
    """Keep IPython from loading what it draws in a terminal: a page has none, and waits for it."""
    nothing = ModuleType(_TERMINAL)
    nothing.embed = None
    sys.modules.setdefault(_TERMINAL, nothing)


def _be_ready() -> None:
    from js import BroadcastChannel

    channel = BroadcastChannel.new(CHANNEL)
    channel.postMessage("ready")
    channel.close()
    import_module(_USED_FIRST)  # while the learner still reads
