"""The page of a class: what is on it is escaped, and it runs and loads nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from lessonlib.grading.books.gradebook import title
from lessonlib.grading.books.reports import page, table
from lessonlib.grading.classroom.answers import COUNTED, DECIDED
from lessonlib.grading.classroom.changes import WAYS, Change
from lessonlib.grading.classroom.counted import Counted
from lessonlib.grading.classroom.examples import Example
from lessonlib.grading.classroom.figures import Interval
from lessonlib.grading.classroom.monday import Seen, monday
from lessonlib.grading.classroom.saying import called, percents, said, some
from lessonlib.grading.classroom.together import Pair
from lessonlib.grading.paper.text import escaped

Find = Callable[[Counted, str], Example | None]
MOST_PAIRS = 20  # the tables have all
_ALWAYS = (*DECIDED, "missing", "unreadable", "pending")


def class_page(seen: Seen, smallest: int, find: Find, thinking: str = "") -> str:
    """Return the page; `find` gives the example of a question's cause, `thinking` is a section."""
    parts = [
        f"<p>{_said('about', count=seen.learners)} {_said('smallest', count=smallest)}</p>",
        _section("monday", _list(monday(seen)) or _said_alone("nothing_stands_out")),
        _section("all_questions", _overview(seen.counted)),
    ]
    for exercise, group in groupby(enumerate(seen.counted), key=lambda each: each[1].place[0]):
        parts.append(f"<section><h2>{escaped(title(exercise))}</h2>")
        parts += [_question(number, each, find) for number, each in group]
        parts.append("</section>")
    parts.append(_section("together", _together(seen.pairs, seen.compared)))
    parts.append(_section("changes", _changes(seen.changes)))
    parts.append(thinking)
    parts.append(_section("how_to_read", _list(_how_to_read(smallest), "ul")))
    return page(_said("title"), "\n".join(parts))


def _how_to_read(smallest: int) -> Iterator[str]:
    for key in ("decided", "right", "telling", "causes", "example", "together", "changes"):
        yield _said(f"reading.{key}", count=smallest)


def _overview(counted: Sequence[Counted]) -> str:
    rare = (verdict for verdict in COUNTED if verdict not in _ALWAYS)
    more = [each for each in rare if any(one.verdicts[each] for one in counted)]
    verdicts = [*_ALWAYS, *more]
    heads = ["question", "right", "telling", "decided", *verdicts]
    lines = [
        (
            f'<a href="#q{number}"><code>{escaped(each.place[1])}</code></a>'
            f"<br>{escaped(title(each.place[0]))}",
            _share(each.right),
            _bounds(each.telling),
            some(each.decided, each.learners),
            *(_count(each, verdict) for verdict in verdicts),
        )
        for number, each in enumerate(counted)
    ]
    return _table("all_questions", heads, lines)


def _count(each: Counted, verdict: str) -> str:
    count = each.verdicts[verdict]
    if verdict not in DECIDED:
        return some(count, each.learners) if count else "0"
    if each.split or not each.decided:
        return some(count, each.decided) if count else "0"
    return _said("too_few")


def _share(interval: Interval | None) -> str:
    return _said("share", **percents(interval)) if interval else _said("none")


def _bounds(interval: Interval | None) -> str:
    if interval is None:
        return _said("none")
    return _said("bounds", **{name: f"{value:.2f}" for name, value in vars(interval).items()})


def _question(number: int, each: Counted, find: Find) -> str:
    heading = f'<h3 id="q{number}"><code>{escaped(each.place[1])}</code></h3>'
    told = [heading, _gaps(each)]
    failed = each.causes.whole
    if not each.split:
        return "\n".join([*told, _said_alone("few_decided", count=each.decided)])
    if not each.causes.shown:
        return "\n".join([*told, _said_alone("few_failed", count=failed)])
    lines = [
        (f"{_called(each, cause)}<br><code>{escaped(cause)}</code>", some(count, failed))
        for cause, count in each.causes.shown.items()
    ]
    if each.causes.others:
        lines.append((_said("others"), some(each.causes.others, failed)))
    told.append(_table("causes", ("cause", "learners"), lines, question=escaped(each.place[1])))
    for cause in each.causes.shown:
        if example := find(each, cause):
            told.append(_example(_called(each, cause), example))
    return "\n".join(told)


def _gaps(each: Counted) -> str:
    shown = (f"{_called(each, cause)}: {count}" for cause, count in each.gaps.shown.items())
    listed = ", ".join(shown)
    return f"<p>{_said('gaps', count=each.gaps.whole, listed=listed)}</p>" if listed else ""


def _called(each: Counted, cause: str) -> str:
    return _with_code(called(each.place[1], cause))


def _example(heading: str, example: Example) -> str:
    whose = f" · <bdi>{escaped(example.learner)}</bdi>" if example.learner else ""
    return (
        f"<h4>{heading}{whose}</h4><p><bdi>{escaped(example.message)}</bdi></p>"
        f'<pre tabindex="0"><bdi>{escaped(example.answer)}</bdi></pre>'
    )


def _together(pairs: Sequence[Pair], compared: int) -> str:
    if not pairs:
        return _said_alone("nothing_together", count=compared)
    lines = []
    for pair in pairs[:MOST_PAIRS]:
        numbers = (_said("too_few"),) * 2
        if pair.both is not None:
            numbers = some(pair.both, pair.of_one), some(pair.of_other - pair.both, pair.not_one)
        lines.append(
            (*map(_why, (pair.one, pair.other)), *numbers, _said("below", below=f"{pair.below:g}"))
        )
    told = _said_alone("compared", count=compared)
    heads = ("one_cause", "other_cause", "both", "otherwise", "chance")
    return told + _table("together", heads, lines)


def _why(why: tuple[tuple[str, str], str]) -> str:
    (_, question), cause = why
    return f"<code>{escaped(question)}</code>: {_with_code(called(question, cause))}"


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return _said_alone("nothing_changed")
    lines = [
        (
            f"<code>{escaped(each.place[1])}</code>",
            str(each.again),
            *(some(each.ways[way], each.again) if each.ways else _said("too_few") for way in WAYS),
        )
        for each in changes
    ]
    return _table("changes", ("question", "again", *WAYS), lines)


def _section(key: str, html: str) -> str:
    return f"<section><h2>{_said(f'headings.{key}')}</h2>{html}</section>"


def _table(
    caption: str, heads: Iterable[str], lines: Sequence[Sequence[str]], **slots: object
) -> str:
    """Return a table in a box of its own, which can be scrolled by keyboard where it is wide."""
    told = _said(f"captions.{caption}", **slots)
    html = table(told, [_said(f"columns.{name}") for name in heads], lines)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{told}">{html}</div>'


def _list(items: Iterable[str], kind: str = "ol") -> str:
    lines = "".join(f"<li>{_with_code(item)}</li>" for item in items)
    return lines and f"<{kind}>{lines}</{kind}>"


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escaped(text))


def _said_alone(key: str, **slots: object) -> str:
    return f"<p>{_said(key, **slots)}</p>"


def _said(key: str, **slots: object) -> str:
    return said(f"page.{key}", **slots)
