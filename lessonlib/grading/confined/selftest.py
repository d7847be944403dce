"""Before grading: start a kernel such as submissions get, and try to break out of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lessonlib.grading.confined.budget import DEFAULT
from lessonlib.grading.confined.kernel import StoppedError, WatchedKernel
from lessonlib.grading.confined.sandbox import NoSandboxError, try_to_escape


def withstand(kernel_name: str, folder: str, private: Iterable[Path]) -> None:
    """Refuse a kernel that can be broken out of.

    Parameters
    ----------
    kernel_name
        What Jupyter calls it.
    folder
        Where a kernel outside the sandbox would work.
    private
        What a learner's code must not see.

    Raises
    ------
    NoSandboxError
        If an escape worked, or no kernel came up to try it in.
    """
    try:
        kernel = WatchedKernel(kernel_name, folder, DEFAULT)
        try:
            try_to_escape(private, lambda program: kernel.run(program).all)
        finally:
            kernel.stop()
    except (StoppedError, RuntimeError, OSError) as problem:
        raise NoSandboxError(str(problem)) from None
