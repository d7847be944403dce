"""What one question may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """What one question may use.

    Parameters
    ----------
    cpu
        Seconds of processor time, which pass no faster on a busy machine.
    wall
        Seconds on the clock, for code that only waits.
    """

    cpu: float = 10.0
    wall: float = 60.0


DEFAULT = Budget()
