"""The part of the page of a class that says what it thinks; everything in it is escaped."""

from collections.abc import Iterator, Sequence

from lessonlib.grading.books.reports import table
from lessonlib.grading.classroom.expected import WAYS as WAYS_OFF
from lessonlib.grading.classroom.expected import Expected
from lessonlib.grading.classroom.figures import Interval
from lessonlib.grading.classroom.saying import percents, said, some
from lessonlib.grading.classroom.thinking import WAYS, Foreseen, Thinking, Understood, what_it_shows
from lessonlib.grading.paper.text import escaped
from lessonlib.practice.concepts import PHASES, RIGHT


def thinking_section(found: Thinking) -> str:
    """Write a section of the page: the inventory before and after, calibration, predictions."""
    understood = [line for each in found.understood for line in _understood(each)]
    known = ("question", "shows", *PHASES, *WAYS)
    foretold = ("learners", "expected", "reached", *WAYS_OFF)
    about = _said("about", count=found.learners, both=found.both)
    parts = [
        f"<h2>{_said('heading')}</h2><p>{about}</p>",
        "".join(f"<p>{escaped(line)}</p>" for line in thinking_lines(found)),
        _table("understood", known, understood),
        _table("calibration", ("phase", "learners", "sure", "right_of_sure"), _calibrated(found)),
        _table("expected", foretold, _expected(found.expected)),
        _table("forms", ("phase", "form", "learners", "right"), _by_form(found)),
        _table("foreseen", ("prediction", "chosen", "true"), [*map(_foreseen, _made(found))]),
        f"<p>{_said('how_to_read')}</p>",
    ]
    return f"<section>{''.join(parts)}</section>"


def thinking_lines(found: Thinking) -> list[str]:
    """Say what to talk about: the misconception most still have, and the one that most came to."""
    ways = [(each, kind, ways) for each in found.understood for kind, ways in each.ways.items()]
    lines = []
    for way in ("stayed", "came"):
        most = max(ways, key=lambda found: found[2][way], default=None)
        if most and most[2][way]:
            each, kind, counts = most
            told = {"topic": each.concept.topic, "shows": what_it_shows(each.concept, kind)}
            share = some(counts[way], each.shown["after"].whole)
            lines.append(_said(f"line.{way}", some=share, **told))
    return lines


def _understood(each: Understood) -> Iterator[tuple[str, ...]]:
    kinds = dict.fromkeys(kind for phase in PHASES for kind in each.shown[phase].shown)
    whole = each.shown["before"].whole
    for kind in sorted(kinds, key=lambda kind: kind != RIGHT):
        counts = [each.shown[phase].shown.get(kind) for phase in PHASES]
        ways = [each.ways.get(kind, {}).get(way) for way in WAYS]
        numbers = [some(count, whole) if count else _said("too_few") for count in counts]
        told = ["" if kind == RIGHT else _count(count) for count in ways]
        words = f'<span class="says">{escaped(what_it_shows(each.concept, kind))}</span>'
        yield f"{escaped(each.concept.topic)}<br>{whole}", words, *numbers, *told


def _calibrated(found: Thinking) -> list[tuple[str, ...]]:
    return [
        (_said(f"columns.{phase}"), str(each.learners), _share(each.sure), _share(each.right))
        for phase, each in found.calibration.items()
    ]


def _expected(found: Expected) -> list[tuple[str, ...]]:
    if found.expected is None:
        return []
    ways = [found.ways.shown.get(way) for way in WAYS_OFF]
    told = (some(count, found.learners) if count else _said("too_few") for count in ways)
    return [(str(found.learners), _share(found.expected), _share(found.right), *told)]


def _by_form(found: Thinking) -> list[tuple[str, ...]]:
    return [
        (_said(f"columns.{each.phase}"), each.form.upper(), str(each.learners), _share(each.right))
        for each in found.by_form
    ]


def _made(found: Thinking) -> list[Foreseen]:
    return [each for each in found.foreseen if each.chosen.shown]


def _foreseen(each: Foreseen) -> tuple[str, ...]:
    chosen = (
        f"<li>{escaped(option)}: {some(count, each.chosen.whole)}</li>"
        for option, count in each.chosen.shown.items()
    )
    asked = f'<span class="says">{escaped(each.prediction.question)}</span>'
    return asked, f"<ul>{''.join(chosen)}</ul>", _share(each.true)


def _table(name: str, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    told = _said(f"captions.{name}")
    if not lines:
        return f"<p>{told}: {_said('too_few')}</p>"
    html = table(told, [_said(f"columns.{head}") for head in heads], lines)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{told}">{html}</div>'


def _count(count: int | None) -> str:
    return said("page.none") if count is None else str(count)


def _share(interval: Interval | None) -> str:
    return said("page.share", **percents(interval)) if interval else _said("too_few")


def _said(key: str, **slots: object) -> str:
    return said(f"thinking.{key}", **slots)
