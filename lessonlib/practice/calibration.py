"""At the end of the course: a learner finds out whether they were right as often as sure."""

from collections.abc import Iterator, Mapping

from lessonlib.practice import store
from lessonlib.practice.page import Page, paragraph
from lessonlib.practice.predictions import (
    CONFIDENCES,
    kept_choice,
    kept_confidence,
    predictions,
    right_answers,
)
from lessonlib.views.drawing import GREY, INK, PAPER, Picture, dot, svg, text
from lessonlib.words import Words

WORDS = Words("practice")
LEAST = 3  # predictions in a row from which its share says anything
ACROSS, STEP, LINE = 30, 14, 18  # dots in a line, and what a dot and a line take, in pixels
LEFT, HEAD, GAP = 220, 46, 14

Outcomes = Mapping[str, list[bool]]  # how sure -> of each prediction, whether it came true


def calibration() -> Page:
    """Draw each prediction as a dot, by how sure the learner was, and say what that shows.

    Only those count whose answer is known and for which the learner said how sure they were.
    """
    outcomes = sorted_by_confidence()
    if not any(outcomes.values()):
        said = WORDS("calibration.nothing_yet")
        return Page(paragraph(said), said)
    picture, said = _picture(outcomes), judgement(outcomes)
    return Page(picture.html() + paragraph(said), f"{picture.alt}\n{said}")


@store.read_once()
def sorted_by_confidence() -> Outcomes:
    """Tell of each prediction whether it came true, by how sure the learner was of it."""
    outcomes: dict[str, list[bool]] = {confidence: [] for confidence in CONFIDENCES}
    for prediction in predictions().values():
        confidence, rights = kept_confidence(prediction), right_answers(prediction)
        if confidence and rights:
            outcomes[confidence].append(kept_choice(prediction) in rights)
    return {confidence: sorted(each, reverse=True) for confidence, each in outcomes.items()}


def judgement(outcomes: Outcomes) -> str:
    """Say whether more came true where the learner was surest than where they were least sure."""
    shares = [sum(each) / len(each) for each in outcomes.values() if len(each) >= LEAST]
    if len(shares) < 2:
        return WORDS("calibration.too_few", least=LEAST)
    rises = shares[0] < shares[-1]
    return WORDS("calibration.as_sure" if rises else "calibration.not_as_sure")


def _picture(outcomes: Outcomes) -> Picture:
    parts, y = [text(12, 26, WORDS("calibration.key"), size=12, fill=GREY)], HEAD
    for confidence, each in outcomes.items():
        parts += _row(confidence, each, y)
        y += LINE * max(1, -(-len(each) // ACROSS)) + GAP
    said = ". ".join(
        WORDS("calibration.alt_row", sure=WORDS(f"confidence.{name}"), **_counted(each))
        for name, each in outcomes.items()
    )
    width = LEFT + STEP * ACROSS + 150
    return Picture(svg(width, y, *parts), WORDS("calibration.alt", rows=said))


def _row(confidence: str, each: list[bool], top: int) -> Iterator[str]:
    sure = WORDS(f"confidence.{confidence}")
    yield text(12, top + 8, WORDS("calibration.row", sure=sure, count=len(each)))
    for place, came_true in enumerate(each):
        x, y = LEFT + STEP * (place % ACROSS), top + 4 + LINE * (place // ACROSS)
        yield dot(x, y, INK if came_true else PAPER, r=5.0)
    right_of = LEFT + STEP * min(len(each), ACROSS) + 6
    yield text(right_of, top + 8, WORDS("calibration.came_true", **_counted(each)), size=12)


def _counted(each: list[bool]) -> dict[str, int]:
    return {"right": sum(each), "count": len(each)}
