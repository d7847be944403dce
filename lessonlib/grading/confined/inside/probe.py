"""Beside a learner's code: the call of a function that nbval compares."""


def probe(
    question: str, drawn: str, seconds: float, channel: str, most: int, learner: dict[str, object]
) -> None:
    """Call a learner's function, and publish what came of it where no other output is.

    Of what is longer than so many characters the beginning shows that it is.
    """
    import json

    from IPython.core.interactiveshell import InteractiveShell

    from lessonlib.practice.calling import run

    outcomes = []
    if question in learner:
        for arguments in json.loads(drawn):
            outcomes.append(run(learner[question], arguments, seconds).to_json())
            if outcomes[-1]["timed_out"]:
                break
    answer = json.dumps({"defined": question in learner, "outcomes": outcomes})
    InteractiveShell.instance().display_pub.publish({channel: answer[: most + 1]})
