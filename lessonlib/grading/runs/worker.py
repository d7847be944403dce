"""A process that grades one submission after another: lines of JSON in, and out."""

import json
import os
import signal
import sys


def skip_grammar() -> None:
    """Keep jsonschema from building a grammar of web addresses, which no notebook needs.

    An environment with JupyterLab in it has that grammar, and ``import nbformat`` would build it,
    which takes a second. To be called before that import, in processes that only grade.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def main() -> None:
    """Serve until the jobs end."""
    from lessonlib.grading.confined.starter import Starter
    from lessonlib.grading.paper.terms import Terms, from_json

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that tidies up
    # pytest takes over the standard streams, so jobs and answers have streams of their own.
    jobs, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    terms, course = from_json(Terms, jobs.readline()), jobs.readline()
    starter = None
    if terms.confined:
        starter = Starter(json.loads(course)["private"])
        starter.prepare()
    # The sandbox warms up while this process imports what it needs.
    skip_grammar()
    from lessonlib.grading.intake.assignment import Course
    from lessonlib.grading.runs.loop import Loop

    Loop(terms, Course.from_json(course), starter, jobs, answers).serve()


if __name__ == "__main__":
    sys.path[:] = sys.argv[1:]
    main()
