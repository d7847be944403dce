"""Whether the two forms of the inventory are as hard as each other, of the files of a class."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lessonlib.grading.classroom import figures
from lessonlib.grading.classroom.counted import SMALLEST
from lessonlib.grading.classroom.figures import Interval
from lessonlib.practice.class_file import Handed
from lessonlib.practice.concepts import FORMS, PHASES, RIGHT


@dataclass(frozen=True)
class ByForm:
    """What share of a form's questions was right in one phase, averaged over so many learners."""

    phase: str
    form: str
    learners: int
    right: Interval


def by_form(handed: Iterable[Handed], smallest: int = SMALLEST) -> list[ByForm]:
    """Compare the forms in each phase in which enough learners were asked each of them.

    Who had which form was drawn, so what differs between them in a phase is the forms.
    """
    handed = list(handed)
    return [each for phase in PHASES for each in _compared(phase, handed, smallest)]


def _compared(phase: str, handed: Sequence[Handed], smallest: int) -> Iterator[ByForm]:
    shares: dict[str, list[float]] = {form: [] for form in FORMS}
    for each in handed:
        if answers := each.answers[phase]:
            right = [*answers.values()].count(RIGHT) / len(answers)
            shares[each.forms.get(phase, FORMS[0])].append(right)
    if min(map(len, shares.values())) < max(1, smallest):
        return
    for form, each in shares.items():
        yield ByForm(phase, form, len(each), figures.share(sum(each) / len(each), len(each)))


def by_form_lines(found: Iterable[ByForm]) -> Iterator[list[object]]:
    """Yield the lines of a table: how much of each form was right in each phase."""
    yield ["phase", "form", "learners", "right", "right_low", "right_high"]
    for each in found:
        yield [each.phase, each.form, each.learners, *vars(each.right).values()]
