"""Does it hold in a harder world? The same objectives and questions in the sister village.

What is given depends on who gives *and* who gets there, so a model has to look at both at once.
Training is as long as in the matrix. Rewriting is left out, for it needs training of its own.
"""

from dataclasses import replace

from lessonlib.exams.exam import UNTRAINED
from lessonlib.exams.experiments import Size
from lessonlib.exams.sentences.language import sister_village
from lessonlib.exams.sentences.subject import FULL, QUICK, SENTENCES

SUBJECT = replace(SENTENCES, name="harder_world", material=sister_village)

WHOLE = replace(
    FULL,
    subject=SUBJECT,
    seeds=(0, 1, 2),
    objectives=(*QUICK.objectives, UNTRAINED),
    questions={ability: FULL.questions[ability] for ability in QUICK.questions},
)
LOOK = replace(QUICK, subject=SUBJECT, steps=QUICK.steps // 4)


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.planned(WHOLE, LOOK)
