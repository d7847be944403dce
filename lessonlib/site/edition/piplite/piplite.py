"""The part that the kernel calls when it starts; it also sets attributes of this module."""

import asyncio
from importlib import import_module
from typing import Any

CHANNEL = "lessonlib"  # on which the page hears that Python is ready
_USED_FIRST = "lessonlib.views"


async def install(*requirements: Any, **options: Any) -> None:
    """Install nothing: what the course needs is there, or the course does without it.

    The kernel asks for the last time just before it is ready.
    """
    asyncio.get_running_loop().call_soon(_be_ready)


def _be_ready() -> None:
    from js import BroadcastChannel

    channel = BroadcastChannel.new(CHANNEL)
    channel.postMessage("ready")
    channel.close()
    import_module(_USED_FIRST)  # while the learner still reads
