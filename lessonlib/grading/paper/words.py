"""What the grader says, in the language of the day."""

from lessonlib.words import Words

WORDS = Words("grading")


class RefusedError(ValueError):
    """What is asked for cannot be done; the message says why."""

    def __init__(self, key: str, **slots: object) -> None:
        super().__init__(WORDS(key, **slots))
