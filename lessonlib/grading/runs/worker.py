"""A process that grades one submission after another: ``python -m lessonlib.grading.runs.worker``.

It reads its setting and then jobs as lines of JSON, and answers in lines of JSON. Nothing of one
submission stays behind for the next: each gets kernels of its own.
"""

from __future__ import annotations

import json
import os
import signal

from lessonlib.grading.confined.starters import ColdStarter, WarmStarter
from lessonlib.grading.runs.quick import skip_grammar


def main() -> None:
    """Serve until the jobs end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that tidies up
    # pytest takes over the standard streams, so jobs and answers have streams of their own.
    jobs, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    line = jobs.readline()
    setting = json.loads(line)
    starter = None
    if setting["sandbox"]:
        starter = (WarmStarter if setting["warm"] else ColdStarter)(setting["private"])
        starter.prepare()
    # The sandbox warms up while this process imports what it needs.
    skip_grammar()
    from lessonlib.grading.runs.loop import serve
    from lessonlib.grading.runs.terms import Setting

    serve(Setting.from_json(line), starter, jobs, answers)


if __name__ == "__main__":
    main()
