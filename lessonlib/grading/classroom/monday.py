"""What to talk about on Monday, in a few lines with their numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lessonlib.grading.books.gradebook import title
from lessonlib.grading.classroom import figures
from lessonlib.grading.classroom.changes import Change
from lessonlib.grading.classroom.counted import Counted
from lessonlib.grading.classroom.saying import called, percent, percents, said
from lessonlib.grading.classroom.together import Pair

MOST = 5
MOST_CAUSES = 3
MANY = 0.2  # of a class; fewer who left something out are not worth a Monday


@dataclass(frozen=True)
class Seen:
    """All that was found out about a class; `thought` are lines on what it thinks."""

    learners: int
    counted: Sequence[Counted]
    pairs: Sequence[Pair]
    compared: int
    changes: Sequence[Change]
    thought: Sequence[str] = ()


def monday(seen: Seen, most: int = MOST) -> list[str]:
    """Return at most so many lines, what concerns most learners first."""
    causes = list(_causes(seen.counted))
    others = [*_together(seen.pairs), *_odd(seen.counted), *_gaps(seen.counted)]
    others += [*_changed(seen.changes), *_waiting(seen.counted)]
    first, more = [*causes[:MOST_CAUSES], *seen.thought[:1]], causes[MOST_CAUSES:]
    return list(islice([*first, *others, *more, *seen.thought[1:]], most))


def _causes(counted: Sequence[Counted]) -> Iterator[str]:
    """Yield the most frequent causes, of which a large share of those who tried is sure."""
    found = [
        (figures.share(count / each.decided, each.decided), count, each, cause)
        for each in counted
        if each.split
        for cause, count in each.causes.shown.items()
    ]
    found.sort(key=lambda line: (-line[1], -line[0].low, line[2].place, line[3]))
    for among, count, each, cause in found:
        told = {"cause": called(each.place[1], cause), "whole": each.decided}
        told |= {**_where(each), **percents(among)}
        yield _said("cause", count=count, **told)


def _together(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs[:1]:
        told = {"below": f"{pair.below:g}"}
        for name, (place, cause) in (("one", pair.one), ("other", pair.other)):
            told |= {f"{name}_cause": called(place[1], cause), f"{name}_question": place[1]}
        if pair.both is None:
            yield _said("together_without_numbers", **told)
        else:
            yield _said("together", count=pair.both, of=pair.of_one, **told)


def _odd(counted: Sequence[Counted]) -> Iterator[str]:
    """Yield the questions that those who do well elsewhere get wrong, for certain."""
    known = [each for each in counted if each.telling]
    odd = [each for each in known if figures.is_below_zero(each.telling, len(known))]
    for each in sorted(odd, key=lambda each: each.telling.high)[:1]:
        told = {name: f"{value:.2f}" for name, value in vars(each.telling).items()}
        yield _said("odd", count=each.decided, **told, **_where(each))


def _gaps(counted: Sequence[Counted]) -> Iterator[str]:
    """Yield the exercise question that most left out."""
    for each in sorted(counted, key=lambda each: (-each.verdicts["missing"], each.place))[:1]:
        count = each.verdicts["missing"]
        if count >= MANY * each.learners:
            told = {"whole": each.learners, "share": percent(count / each.learners)}
            yield _said("missing", count=count, **told, **_where(each))


def _changed(changes: Sequence[Change]) -> Iterator[str]:
    # Who was right before had nothing to change.
    known = [(each.again - each.ways["stayed_right"], each) for each in changes if each.ways]
    for count, each in sorted(known, key=lambda one: -one[0])[:1]:
        if not count:
            return
        told = {**each.ways, "question": each.place[1], "exercise": title(each.place[0])}
        yield _said("changed", count=each.again, **told)


def _waiting(counted: Sequence[Counted]) -> Iterator[str]:
    if count := sum(each.verdicts["pending"] for each in counted):
        yield _said("pending", count=count)


def _where(each: Counted) -> dict[str, str]:
    return {"question": each.place[1], "exercise": title(each.place[0])}


def _said(key: str, **slots: object) -> str:
    return said(f"monday.{key}", **slots)
