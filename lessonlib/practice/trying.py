"""``try_it``: see what a function makes of one's own sentence, right or wrong."""

import contextlib
from collections.abc import Callable
from random import Random
from typing import Any

from lessonlib import checks
from lessonlib.notebook import CELLS
from lessonlib.practice.calling import run
from lessonlib.practice.checking import no_function, question_named
from lessonlib.practice.codec import Outcome, decode, encode
from lessonlib.practice.faults import UNANSWERED
from lessonlib.practice.judging import Verdict, judge
from lessonlib.practice.question import Arguments, Case, Question
from lessonlib.practice.showing import entry, is_table, written
from lessonlib.views import Strips, Table, show
from lessonlib.words import Words

WORDS = Words("practice")


class Drawing:
    """What a learner's function returned, drawn as it is, with a caption where it is not right."""

    def __init__(self, drawn: Strips | Table, caption: str) -> None:
        self.drawn, self.caption = drawn, caption

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.drawn!r}"

    def _repr_html_(self) -> str:
        return f"<p><em>{self.caption}</em></p>{self.drawn._repr_html_()}"


def try_it(
    question: str, function: object = None, *arguments: Any
) -> Strips | Table | Drawing | Verdict:
    """Run a learner's function on inputs of their own, and draw what it returned.

    What the function prints is printed above the drawing. Mistakes are drawn as they are, with a
    caption that says so; a verdict in words comes where nothing can be drawn. TypeError or
    ValueError if there is no question of that name.
    """
    asked = question_named(question, "try_it", ", ...")
    try:
        # Plain copies, so that an odd input is refused in words and none is used up.
        arguments = tuple(decode(encode(each)) for each in arguments)
        tried = run(asked.reference, arguments)
        fits = not tried.timed_out and tried.failure is None
        refused = "" if fits else _what_to_change(asked, arguments, tried)
    except Exception:
        refused = WORDS("try_it.unreadable")
    if refused:
        return Verdict(False, "input_does_not_fit", refused)
    no_verdict = no_function(question, function, f"try_it({question!r}, {question}, ...)")
    if no_verdict is not None:
        return no_verdict
    if about := CELLS.about(question, function):
        print(about)
    outcome = run(function, arguments)
    print(outcome.printed, end="")
    verdict = judge(asked, arguments, outcome)
    if verdict.cause != UNANSWERED:
        draw = _strips if asked.as_sample else _table
        # Half an answer has any form: whatever it does to the drawing, words say what it is.
        with contextlib.suppress(Exception):
            drawn = draw(asked, Case(asked, arguments, decode(outcome.value)))
            repr(drawn), drawn._repr_html_()
            if verdict.passed:
                return drawn
            caption = [WORDS("try_it.caption"), *_said_of_order(asked, arguments, function)]
            return Drawing(drawn, " ".join(caption))
    if verdict.passed:
        return verdict
    nothing = WORDS("try_it.nothing_to_draw", reason=verdict.message.splitlines()[0])
    said = [nothing, *_said_of_order(asked, arguments, function)]
    return Verdict(False, verdict.cause, " ".join(said))


def _said_of_order(question: Question, arguments: Arguments, function: Callable) -> list[str]:
    """Say so if a function is right once its positions, and what belongs to them, go up."""
    for name, positions in zip(question.parameters, arguments, strict=True):
        if name.endswith("positions") and positions != sorted(positions):
            order = sorted(range(len(positions)), key=positions.__getitem__)
            tokens, *others = arguments
            going_up = tokens, *([each[at] for at in order] for each in others)
            if judge(question, going_up, run(function, going_up)).passed:
                return [WORDS("try_it.order", name=name, order=sorted(positions))]
    return []


def _what_to_change(question: Question, arguments: Arguments, tried: Outcome) -> str:
    if len(arguments) != len(question.parameters):
        takes, count = ", ".join(question.parameters), len(arguments)
        return WORDS("try_it.other_number", name=question.name, takes=takes, count=count)
    named = dict(zip(question.parameters, arguments, strict=True))
    examples = question.draw(Random(0))
    for (name, value), example in zip(named.items(), examples, strict=True):
        if value != [] and _form(value) != _form(example):
            said = {"name": name, "example": written(example), "value": checks.shown(value)}
            return WORDS(f"try_it.other_form.{_how_to_mend(value, example)}", **said)
    lists = {name: value for name, value in named.items() if isinstance(value, list)}
    sentence = lists.pop(question.parameters[0], ()) if _form(examples[0]) == ["text"] else ()
    for name, value in lists.items() if sentence else ():
        for at in value:
            if isinstance(at, int) and not 0 <= at < len(sentence):
                slots = {"name": name, "at": at, "last": len(sentence) - 1}
                return WORDS("try_it.outside", count=len(sentence), **slots)
    if sizes := _unequal_sizes(lists):
        return WORDS("try_it.unequal", sizes=sizes)
    reason = _reason(tried)
    if sentence:
        return WORDS("try_it.sentence_does_not_fit", count=len(sentence), reason=reason)
    return WORDS("try_it.does_not_fit", reason=reason)


def _how_to_mend(value: Any, example: Any) -> str:
    """Choose what to say about a value that has not the wanted form."""
    if isinstance(value, str) and _form(example) == ["text"]:
        return "sentence_is_text"
    if _form(value) == "number" and _form(example) == ["number"]:
        return "one_number"
    return "is_text" if isinstance(value, str) or _form(value) == ["text"] else "plain"


def _unequal_sizes(lists: dict[str, list[Any]]) -> str:
    """Write the lengths of lists that differ, or of their first rows that do."""
    if len(set(map(len, lists.values()))) > 1:
        return ", ".join(f"`{name}` {len(value)}" for name, value in lists.items())
    if all(map(is_table, lists.values())):
        for at, rows in enumerate(zip(*lists.values(), strict=True)):
            if len(set(map(len, rows))) > 1:
                sizes = zip(lists, map(len, rows), strict=True)
                named = ", ".join(f"`{name}` {size}" for name, size in sizes)
                return WORDS("try_it.in_row", row=at, sizes=named)
    return ""


def _reason(tried: Outcome) -> str:
    kind = tried.failure.type if tried.failure else ""
    if kind in ("TypeError", "ValueError"):
        return tried.failure.text
    key = {"": "too_long", "ZeroDivisionError": "by_zero"}.get(kind, "together")
    return WORDS(f"try_it.reason.{key}")


def _form(value: Any) -> Any:
    """Name the form of a value: a word, or a list of one for a list."""
    if isinstance(value, (list, tuple)):
        return [_form(value[0])] if len(value) else []
    kinds = {str: "text", bool: "flag", int: "number", float: "number"}
    return kinds.get(type(value), "number" if hasattr(value, "__float__") else "other")


def _strips(question: Question, case: Case) -> Strips:
    if question.accepts is None and any(isinstance(part, str) for part in case.returned):
        raise TypeError(case.returned)  # it would be drawn letter by letter
    sample = question.as_sample(case)
    words = [*(sample.source or ()), *sample.inputs, *sample.targets]
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(words)  # only words can be drawn
    return show(sample)


def _table(question: Question, case: Case) -> Table:
    (name,), (part,) = question.parts, case.returned
    right = question.reference(*case.arguments)
    if is_table(right) and is_table(part):
        return _mask(part)
    row_asked = isinstance(right, list) and not is_table(right)
    if row_asked and isinstance(part, list) and part and not is_table(part):
        places = map(str, range(len(part)))
        return Table([WORDS("try_it.position"), *places], [[name, *map(written, part)]])
    if isinstance(right, (int, float)) and isinstance(part, (int, float)):
        return Table([name], [[written(part)]])
    raise ValueError(part)  # it has another form than was asked for


def _mask(rows: list[list[Any]]) -> Table:
    width = max(map(len, rows))
    cells = ([*map(entry, row), *[""] * (width - len(row))] for row in rows)
    headings = [WORDS("try_it.who_looks_at"), *map(str, range(width))]
    return Table(headings, [[str(query), *row] for query, row in enumerate(cells)])
