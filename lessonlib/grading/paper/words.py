"""What the grader says, in the language of the day."""

from lessonlib.words import Words

WORDS = Words("grading")
