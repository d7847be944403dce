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

CAPTION = "Drawn as your function returned it, which is not right yet: the check says why."


ORDER = (
    " With `{name}` in the order {order} it is right. They may come in any order: does your code "
    "count on it?"
)
UNREADABLE = "Change the input in this cell: a value of it cannot be read."


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

    What the function prints is printed above the drawing.

    Parameters
    ----------
    question : str
        The question's name.
    function : callable
        The learner's function.
    *arguments : object
        What to call it with.

    Returns
    -------
    Strips, Table, Drawing or Verdict
        The drawing, with mistakes as they are and a caption that says so; a verdict in words where
        nothing can be drawn.

    Raises
    ------
    TypeError, ValueError
        If there is no question of that name.
    """
    asked = question_named(question, "try_it", ", ...")
    try:
        # Plain copies, so that an odd input is refused in words and none is used up.
        arguments = tuple(decode(encode(each)) for each in arguments)
        tried = run(asked.reference, arguments)
        refused = (
            ""
            if not tried.timed_out and tried.failure is None
            else _what_to_change(asked, arguments, tried)
        )
    except Exception:
        refused = UNREADABLE
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
            return Drawing(drawn, f"{CAPTION}{_said_of_order(asked, arguments, function)}")
    if verdict.passed:
        return verdict
    reason, *_ = verdict.message.splitlines()
    order = _said_of_order(asked, arguments, function)
    return Verdict(False, verdict.cause, f"Nothing to draw yet. {reason}{order}")


def _said_of_order(question: Question, arguments: Arguments, function: Callable) -> str:
    """Say so if a function is right once its positions, and what belongs to them, go up."""
    for name, positions in zip(question.parameters, arguments, strict=True):
        if name.endswith("positions") and positions != sorted(positions):
            order = sorted(range(len(positions)), key=positions.__getitem__)
            tokens, *others = arguments
            going_up = tokens, *([each[at] for at in order] for each in others)
            if judge(question, going_up, run(function, going_up)).passed:
                return ORDER.format(name=name, order=sorted(positions))
    return ""


def _what_to_change(question: Question, arguments: Arguments, tried: Outcome) -> str:
    if len(arguments) != len(question.parameters):
        return (
            f"Change this cell: {question.name} takes {', '.join(question.parameters)}. Behind the "
            f"function, this cell has {checks.counted(len(arguments), 'value')}."
        )
    named = dict(zip(question.parameters, arguments, strict=True))
    examples = question.draw(Random(0))
    for (name, value), example in zip(named.items(), examples, strict=True):
        if value != [] and _form(value) != _form(example):
            return (
                f"Change `{name}` in this cell: it should look like {written(example)}. Now it is "
                f"{checks.shown(value)}{_how_to_mend(value, example)}."
            )
    lists = {name: value for name, value in named.items() if isinstance(value, list)}
    sentence = ()
    if _form(examples[0]) == ["text"]:
        sentence = arguments[0]
        lists.pop(question.parameters[0], None)
    for name, value in lists.items() if sentence else ():
        outside = [at for at in value if isinstance(at, int) and not 0 <= at < len(sentence)]
        if outside:
            return (
                f"Change `{name}` in this cell: position {outside[0]} is not in your sentence. Its "
                f"{len(sentence)} tokens have positions 0 to {len(sentence) - 1}."
            )
    if sizes := _unequal_sizes(lists):
        return (
            "Change the lists in this cell, which belong together item by item, and row by row. "
            f"They need equally many items; there are {sizes}."
        )
    length = f"your sentence has {len(sentence)} tokens; " if sentence else ""
    return f"Change the input in this cell: {length}{_reason(tried)}."


def _how_to_mend(value: Any, example: Any) -> str:
    """Say what turns a value into one of the wanted form, where that is plain."""
    if isinstance(value, str) and _form(example) == ["text"]:
        return ", which is text; `.split()` behind it makes a list of its words"
    if _form(value) == "number" and _form(example) == ["number"]:
        return f", one number; in square brackets it is a list: [{value}]"
    if isinstance(value, str) or _form(value) == ["text"]:
        return ", which is text; numbers are written without quotes"
    return ""


def _unequal_sizes(lists: dict[str, list[Any]]) -> str:
    """Write the lengths of lists that differ, or of their first rows that do."""
    if len(set(map(len, lists.values()))) > 1:
        return ", ".join(f"`{name}` {len(value)}" for name, value in lists.items())
    if all(map(is_table, lists.values())):
        for at, rows in enumerate(zip(*lists.values(), strict=True)):
            if len(set(map(len, rows))) > 1:
                sizes = zip(lists, map(len, rows), strict=True)
                return f"in row {at} " + ", ".join(f"`{name}` {size}" for name, size in sizes)
    return ""


def _reason(tried: Outcome) -> str:
    if tried.failure is None:
        return "the right answer would take too long with these values"
    if tried.failure.type == "ZeroDivisionError":
        return "with these values the right answer would divide by 0"
    if tried.failure.type in ("TypeError", "ValueError"):
        return tried.failure.text
    return "these values do not go together"


def _form(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_form(value[0])] if len(value) else []
    kinds = {str: "text", bool: "flag", int: "number", float: "number"}
    return kinds.get(type(value), "number" if hasattr(value, "__float__") else "other")


def _strips(question: Question, case: Case) -> Strips:
    if any(isinstance(part, str) for part in case.returned):
        raise TypeError("text would be drawn letter by letter")
    sample = question.as_sample(case)
    words = [*(sample.source or ()), *sample.inputs, *sample.targets]
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError("only words can be drawn")
    return show(sample)


def _table(question: Question, case: Case) -> Table:
    (name,), (part,) = question.parts, case.returned
    right = question.reference(*case.arguments)
    if is_table(right) and is_table(part):
        return _mask(part)
    row_asked = isinstance(right, list) and not is_table(right)
    if row_asked and isinstance(part, list) and part and not is_table(part):
        return Table(["position", *map(str, range(len(part)))], [[name, *map(written, part)]])
    if isinstance(right, (int, float)) and isinstance(part, (int, float)):
        return Table([name], [[written(part)]])
    raise ValueError("only what has the form that was asked for can be drawn")


def _mask(rows: list[list[Any]]) -> Table:
    places = [str(key) for key in range(max(map(len, rows)))]
    return Table(
        ["who looks at", *places],
        [
            [str(query), *map(entry, row), *[""] * (len(places) - len(row))]
            for query, row in enumerate(rows)
        ],
    )
