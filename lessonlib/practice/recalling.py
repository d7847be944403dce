"""Which questions of the inventory come back where, and the line that is typed before one."""

from dataclasses import dataclass

from lessonlib.practice import store
from lessonlib.practice.concepts import RECALLS, Concept, concepts, form_of
from lessonlib.words import Words

COURSE = Words("course")
NEAR, FAR = RECALLS
MOST_TOGETHER = 3
FROM = {NEAR: 1, FAR: 4}  # notebooks after the one that explains a question
LINES = "lines"
LONGEST_LINE = 500  # characters that are kept of a line


@dataclass(frozen=True)
class Recall:
    """A question that comes back: near to where it was explained, or far from it.

    From far it is answered in a line of one's own first, as that takes more remembering than to
    choose, and lasts longer.
    """

    concept: Concept
    distance: str

    @property
    def typed(self) -> bool:
        """Whether a line is typed before the choices are seen."""
        return self.distance == FAR


def recall_plan(form: str | None = None) -> dict[str, list[Recall]]:
    """Plan which questions come back in which notebook: each once near, and once far.

    They come in the learner's own form, or in the one that is given: the form that is asked at the
    end is not seen before. In a notebook those come first that can wait least, the near ones.
    """
    pages, asked = notebooks(), concepts(form or form_of(NEAR))
    waiting = [
        Recall(concept, near_or_far) for near_or_far in RECALLS for concept in asked.values()
    ]
    plan = {}
    for place, page in enumerate(pages):
        due = [r for r in waiting if place - pages.index(r.concept.notebook) >= FROM[r.distance]]
        if due:
            plan[page] = due[:MOST_TOGETHER]
            waiting = [recall for recall in waiting if recall not in plan[page]]
    return plan


def notebooks() -> list[str]:
    """List the notebooks that all read by their numbers, in the order of the course."""
    others = {"_checks", "_written", "_optional"}
    return [name.partition("_")[0] for name, row in COURSE.texts.items() if others.isdisjoint(row)]


def keep_line(concept: Concept, line: str) -> None:
    """Keep the line that a learner has typed about a question; nobody grades it."""
    store.keep(LINES, {concept.name: line.strip()[:LONGEST_LINE]})


def kept_line(concept: Concept) -> str:
    """Return the line that was typed about a question, or an empty one."""
    return store.kept(LINES).get(concept.name, "")
