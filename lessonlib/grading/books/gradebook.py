"""Grades: what one learner reached in one exercise, and those of a whole class."""

from collections.abc import Iterable
from dataclasses import dataclass

from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.books.register import Register
from lessonlib.grading.books.roster import Person
from lessonlib.grading.paper.words import WORDS
from lessonlib.practice.course import STEPS

# Anything that leaves the points of an exercise open, the most pressing first.
OPEN = ("error", "unreadable", "pending")


@dataclass(frozen=True)
class Grade:
    """What one learner reached in one exercise.

    The status is ``graded``, or why the points are not the last word: ``error``, ``unreadable``,
    ``pending``, ``missing`` (nothing was answered), ``excused``. The whole is what the exercise is
    worth to whoever is excused from no question of it. What is lost by being late is not yet taken
    off.
    """

    points: float = 0
    max_points: float = 0
    status: str = "missing"
    whole: float = 0
    feedback: str = ""
    lost: float = 0

    @property
    def counted(self) -> float:
        """The points that are left of what came late."""
        return round(self.points - self.lost, 9)

    @property
    def final(self) -> str:
        """The points as a platform may take them over: empty while they are open.

        Platforms have one maximum for all, so that an excuse leaves the same share of it.
        """
        share = self.whole / self.max_points if self.max_points else 1
        return f"{round(self.counted * share, 4):g}" if self.status == "graded" else ""


NOTHING = Grade()


def grade(record: Record) -> Grade:
    """Add up the questions of one submission."""
    verdicts = {question.verdict for question in record.questions}
    status = next((verdict for verdict in OPEN if verdict in verdicts), "graded")
    if verdicts == {"excused"}:
        status = "excused"
    elif verdicts <= {"excused", "missing"}:
        status = "missing"
    return Grade(
        points=sum(question.points for question in record.questions),
        max_points=sum(question.counts for question in record.questions),
        status=status,
        whole=sum(question.max_points for question in record.questions),
        feedback="\n".join(filter(None, [*map(_feedback, record.questions), lateness(record)])),
        lost=record.lost,
    )


def lateness(record: Record) -> str:
    """Return in words how late something came and what that costs; nothing if it costs nothing."""
    if not record.lost or record.late is None:
        return ""
    return WORDS("gradebook.late", late=late_by(record.late), lost=round(record.lost, 4))


def late_by(seconds: float) -> str:
    """Return how late something came as days and a clock; nothing for what came in time."""
    days, left = divmod(int(max(0, seconds)), 86400)
    clock = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"
    return WORDS("handed_in.late_by", count=days, clock=clock) if seconds > 0 else ""


def _feedback(question: Question) -> str:
    """Return what a person says to the learner about a question."""
    told = {"question": question.question, "points": question.points, "most": question.counts}
    return question.comment and WORDS("gradebook.feedback", comment=question.comment, **told)


def title(exercise: str) -> str:
    """Return an exercise as people read it; one that this course does not have, by its file."""
    return next((step.title for step in STEPS if step.name == exercise), exercise)


class HandedIn:
    """What is kept at hand of how something was handed in: the file, its digest, and the time."""

    __slots__ = ("digest", "due", "file", "late", "time", "time_from")

    def __init__(self, record: Record) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(record, name))


class Class:
    """All grades, by learner and exercise, and the learners' ids on platforms."""

    def __init__(self, records: Iterable[Record], register: Register | None = None) -> None:
        self.records, self.register = records, register or Register()
        self.grades: dict[tuple[str, str], Grade] = {}
        self.ids: dict[str, str] = {}
        self.handed_in: dict[tuple[str, str], HandedIn] = {}
        for each in records:
            self.grades[each.learner, each.exercise] = grade(each)
            self.ids[each.learner] = each.platform_id or self.ids.get(each.learner, "")
            self.handed_in[each.learner, each.exercise] = HandedIn(each)
        # Whoever handed in nothing at all stands there, too.
        blank = {learner for learner, _ in self.grades}
        blank -= {key[0] for key, how in self.handed_in.items() if how.digest}
        absent = [each.learner for each in self.register.absent(self.ids.items())]
        self.ids |= {each: "" for each in absent if each not in self.ids}
        in_roster = (each for each in blank if self.person(each))
        self.absent = sorted({*absent, *in_roster})
        self.learners = sorted(self.ids)
        self.exercises = sorted({exercise for _, exercise in self.grades})

    def of(self, learner: str) -> list[Grade]:
        """Return a learner's grades, one for each exercise."""
        return [self.grades.get((learner, each), NOTHING) for each in self.exercises]

    def id(self, learner: str, *kinds: str) -> list[str]:
        """Return a learner's name and, for each kind of id, the id if it is of that kind."""
        kind, _, told = self.ids[learner].partition(":")
        name = learner.removesuffix(f"_{told}") if told else learner
        person = self.person(learner)
        known = {**(person.ids if person else {}), **({kind: told} if told else {})}
        return [name, *(known.get(each, "") for each in kinds)]

    def person(self, learner: str) -> Person | None:
        """Return who a learner is by the roster, if they are in it."""
        return self.register.roster.person(learner, self.ids[learner])
