"""Text to text: who has learned most of each task after the same few pairs.

Two of the tasks, paraphrasing and shortening, stand in the matrix. These are the others: answering
a question about a sentence, translating into a second little language, and going on with a text.
Dialogue and programs are not measured: the little world has no turns and no programs.
"""

from pathlib import Path

from lessonlib.exams.exam import described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import SEEDS, SENTENCES, THREE
from lessonlib.exams.sentences.tasks import taught
from lessonlib.exams.sentences.unread import Asking

LEARNED = ("answer", "translate", "long_text")
ASKED = (*THREE, "prefix_lm", "fill_in_middle", "ul2")
QUESTIONS = 200


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.jobs(rewritten, THREE if size.quick else ASKED, len(SEEDS))


def rewritten(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Teach one model each task; rows as in the matrix, the task is the ability."""
    recipe = RECIPES[objective]
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    about = described(recipe, candidate) | {"seed": seed}
    asking = Asking(candidate.language.parts, QUESTIONS, seed)
    return [
        found.row(**about, ability=task, **more)
        for task in LEARNED
        for found, more in taught(task, candidate, asking)
    ]
