"""How a returned value differs from the right one, whatever was asked."""

import math
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import permutations
from typing import Any

from lessonlib.checks import counted
from lessonlib.practice.failures import WHERE_NONE_COMES_FROM, Fault
from lessonlib.practice.outcomes import Other, Outcome
from lessonlib.practice.question import Question
from lessonlib.practice.showing import is_table, written

MOST_NAMED = 5
Tried = Sequence[tuple[list[Any] | None, list[Any]]]
#: What is about Python alone, which the lesson does not explain.
PYTHON_SLIPS = {
    "function_not_called",
    "not_made_into_a_list",
    "parameters_not_used",
    "rows_are_one_list",
    "several_words_in_one_entry",
    "text_added_by_letters",
    "unexpected_type",
}


def same(one: Any, other: Any) -> bool:
    """Compare decoded values as a check does.

    Parameters
    ----------
    one, other : object
        Plain data. Lists and tuples are alike, and numbers need agree to six digits only.

    Returns
    -------
    bool
        Whether they are the same.
    """
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return numbers and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other


def parts_of(question: Question, value: Any) -> list[Any] | None:
    """Split what was returned into the question's parts.

    Parameters
    ----------
    question : Question
        Says how many parts there are.
    value : object
        Decoded data.

    Returns
    -------
    list or None
        The parts; None if there are not as many.
    """
    if len(question.parts) == 1:
        return [value]
    if isinstance(value, (list, tuple)) and len(value) == len(question.parts):
        return list(value)
    return None


def disguised_slip(
    question: Question, expected: list[Any], parts: list[Any] | None, outcome: Outcome
) -> Fault | None:
    """Find a slip of writing that would look like a misunderstanding of the lesson.

    Parameters
    ----------
    question : Question
        What was asked.
    expected : list
        The right parts.
    parts : list or None
        The returned ones.
    outcome : Outcome
        What came of the call.

    Returns
    -------
    tuple of str, or None
        The cause's name and an explanation.
    """
    for part, right in zip(parts or [], expected, strict=False):
        if spelt := _spelt_out(part, right):
            return "text_added_by_letters", (
                f"Your list holds {spelt!r} letter by letter. `+=` and `extend` take text apart; "
                "add it with `append`, or put it into brackets first."
            )
        if several := _several_in_one(part, right):
            return "several_words_in_one_entry", (
                f"One entry of your list holds several words, {several!r}. Each word is an entry "
                "of its own."
            )
    if outcome.one_row and len(expected) == 1 and is_table(expected[0]):
        return "rows_are_one_list", (
            "All your rows are one and the same list, so what is set in one is set in all. "
            "Multiplying does that, as in `[row] * 3`, and appending a list that was made before "
            "the loop. Make a new row in each round."
        )
    # Of two lists an exchange may be a misunderstanding as well, which the question then knows.
    if parts and len(parts) > 2 and any(same(list(p), expected) for p in permutations(parts)):
        return "swapped_order", (
            "Your values are right, but in another order. "
            f"Return {listed_names(question.parts)}, in this order."
        )
    return None


def plain_difference(
    question: Question,
    expected: list[Any],
    value: Any,
    outcome: Outcome,
    everywhere: Tried = (),
) -> Fault:
    """Say how a value differs: the last resort, when no known cause fits.

    Parameters
    ----------
    question : Question
        What was asked.
    expected : list
        The right parts.
    value : object
        What was returned instead, decoded.
    outcome : Outcome
        What came of the call.
    everywhere : sequence of pairs of list
        The returned and the right parts of each call tried, this one among them.

    Returns
    -------
    tuple of str
        The cause's name and an explanation.
    """
    parts = parts_of(question, value)
    if isinstance(value, Other) and value.type == "generator":
        return "not_made_into_a_list", (
            "Your function returned a generator, which has not produced its items yet. If it says "
            "`yield`, use `return` instead. If not, put `list(...)` around what it returns."
        )
    if isinstance(value, Other):
        return _not_plain_data(value, "Your function returned")
    if parts is None:
        return "wrong_number_of_values", (
            f"Your function should return {len(expected)} values, {listed_names(question.parts)}; "
            f"it returned {_count(value)}."
        )
    if len(parts) == 2 and same(parts[::-1], expected):
        first, second = question.parts
        return "swapped_order", (
            "Both values are right, but in the wrong order. "
            f"Return `{first}` first, then `{second}`."
        )
    for name, part, right in zip(question.parts, parts, expected, strict=True):
        if isinstance(part, Other):
            return _not_plain_data(part, f"`{name}` is", _kind(right))
    if outcome.unread:
        return "parameters_not_used", _what_is_not_used(outcome)
    for at, (part, right) in enumerate(zip(parts, expected, strict=True)):
        if not same(part, right):
            pairs = [(a and a[at], b[at]) for a, b in everywhere]
            return _part_differs(question.parts[at], part, right, pairs)
    raise AssertionError("parts that differ must differ somewhere")


def _what_is_not_used(outcome: Outcome) -> str:
    borrowed = ""
    if outcome.borrowed:
        which = "which is set" if len(outcome.borrowed) == 1 else "which are set"
        borrowed = (
            f" It uses {listed_names(outcome.borrowed[:MOST_NAMED])} instead, {which} outside it."
        )
    return (
        f"Your function never uses {listed_names(outcome.unread[:MOST_NAMED])}.{borrowed} What a "
        "function is asked arrives in its parameters; without them it answers for another case "
        "than the one it was called with."
    )


def _part_differs(name: str, part: Any, right: Any, pairs: list[tuple[Any, Any]]) -> Fault:
    """Say where in a part something is wrong."""
    if part is None:
        return f"{name}_of_wrong_type", f"`{name}` is None. {WHERE_NONE_COMES_FROM}"
    if _kind(part) != _kind(right):
        return (
            f"{name}_of_wrong_type",
            f"`{name}` should be {_kind(right)}; yours is {_kind(part)}."
            + _new_value(name, part, right),
        )
    if isinstance(right, list) and len(part) != len(right):
        return f"{name}_of_wrong_length", _length_differs(name, part, right, pairs)
    if isinstance(right, list):
        at = next(i for i, (a, b) in enumerate(zip(part, right, strict=True)) if not same(a, b))
        return f"{name}_wrong", (
            f"`{name}` is not as expected, first {_place_that_differs(at, part[at], right[at])}."
        )
    if isinstance(right, dict):
        return f"{name}_wrong", f"`{name}` is not as expected{_key_that_differs(part, right)}."
    if isinstance(right, (int, float)) and _are_rounded(pairs or [(part, right)]):
        whole = float(part).is_integer()
        how = "`round`, `int` and `//` drop what comes behind the point. " if whole else ""
        return "rounded", (
            f"Your number is rounded. {how}Return it as it is; rounding is for showing it."
        )
    return f"{name}_wrong", f"`{name}` is not as expected."


def _new_value(name: str, part: Any, right: Any) -> str:
    if isinstance(part, (list, dict)) or not isinstance(right, (list, dict)):
        return ""
    adds = f"{name}[position] = ..." if isinstance(right, dict) else f"{name}.append(...)"
    return f" `{name} = ...` gives the name a new value; `{adds}` adds one entry."


def _place_that_differs(at: int, one: Any, right: Any) -> str:
    if isinstance(one, list) and isinstance(right, list) and len(one) == len(right):
        places = enumerate(zip(one, right, strict=True))
        column = next(i for i, (a, b) in places if not same(a, b))
        return (
            f"in row {at} at position {column}: {written(one[column])} should be "
            f"{written(right[column])}"
        )
    return f"at position {at}: {written(one)} should be {written(right)}"


def _length_differs(
    name: str, part: list[Any], right: list[Any], pairs: list[tuple[Any, Any]]
) -> str:
    says = f"`{name}` should have {counted(len(right), 'item')}; yours has {len(part)}."
    a_row = isinstance(part[0], list) is isinstance(right[0], list) if part and right else False
    if a_row and len(part) == 1 and len(right) > 2 and all(map(_holds_one_at_most, pairs)):
        return f"{says} If you have a loop: is `return` inside it, so that its first round ends it?"
    missing, extra = _without(right, part), _without(part, right)
    again = [item for item in dict.fromkeys(map(repr, extra)) if item in set(map(repr, right))]
    if not missing and len(again) == len(extra) <= MOST_NAMED:
        times = {repr(item): part.count(item) for item in extra}
        return " ".join([says, *(f"{item} appears {_times(times[item])}." for item in again)])
    return (
        says
        + _named(" Missing", missing)
        + _named(" Does not belong there" if missing else " Too many", extra)
    )


def _holds_one_at_most(pair: tuple[Any, Any]) -> bool:
    part, right = pair
    return not isinstance(part, list) or len(part) == min(1, len(right))


def _are_rounded(pairs: list[tuple[Any, Any]]) -> bool:
    """Tell whether one way of rounding makes all numbers of the right ones."""
    ways = [math.floor, math.ceil, math.trunc, *(partial(round, ndigits=k) for k in range(6))]
    return any(all(same(part, way(right)) for part, right in pairs) for way in ways)


def _key_that_differs(part: dict, right: dict) -> str:
    for key in right:
        if key not in part:
            return f": the key {key!r} is missing"
        if not same(part[key], right[key]):
            return f": at {key!r} it holds {written(part[key])}, not {written(right[key])}"
    return f": the key {next(key for key in part if key not in right)!r} does not belong there"


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    """List the items that others do not have as often."""
    left, rest = list(others), []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            rest.append(item)
    return rest


def _named(label: str, items: list[Any]) -> str:
    return f"{label}: {', '.join(map(written, items))}." if 0 < len(items) <= MOST_NAMED else ""


def listed_names(names: Iterable[str]) -> str:
    """Write names as code, with "and" before the last."""
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _spelt_out(part: Any, right: Any) -> str:
    """Find a word of the right list that stands in a part letter by letter."""
    if not isinstance(part, list) or not isinstance(right, list):
        return ""
    words = {item for item in right if isinstance(item, str) and len(item) > 1}
    return next((word for word in sorted(words, key=len)[::-1] if _has_run(part, [*word])), "")


def _has_run(items: list[Any], run: list[str]) -> bool:
    starts = range(len(items) - len(run) + 1)
    return any(items[start : start + len(run)] == run for start in starts)


def _several_in_one(part: Any, right: Any) -> str:
    """Find an entry of a part that joins words of the right list."""
    if not isinstance(part, list) or not isinstance(right, list):
        return ""
    words = {item for item in right if isinstance(item, str)}
    texts = (item for item in part if isinstance(item, str) and item not in words)
    return next((text for text in texts if text.split()[1:] and words.issuperset(text.split())), "")


def _not_plain_data(
    value: Other, subject: str, wanted: str = "a list, a dictionary, text or a number"
) -> Fault:
    if value.type in {"generator", "map", "filter", "zip", "enumerate", "reversed"}:
        return "not_made_into_a_list", (
            f"{subject} a {value.type}, which has not produced its items yet. "
            "Put `list(...)` around it."
        )
    if value.type in {"function", "method", "builtin_function_or_method"}:
        return "function_not_called", (
            f"{subject} a function that has not been called. Are its brackets missing, `()`?"
        )
    hint = ""
    if value.type == "set" and wanted == _kind({}):
        hint = " Curly brackets make one if each entry has its key and a colon: `{key: value}`."
    return "unexpected_type", f"{subject} {value.text}, not {wanted}.{hint}"


def _kind(value: Any) -> str:
    names = {list: "a list", dict: "a dictionary", str: "text", bool: "True or False"}
    return names.get(type(value), "a number")


def _count(value: Any) -> str:
    if value is None:
        return "None"
    if not isinstance(value, list):
        return f"one value, {_kind(value)}"
    # What was a tuple has become a list; lists inside show that several values are meant.
    several = any(isinstance(item, (list, dict)) for item in value)
    if len(value) == 1 and several:
        return "1 value"
    return f"{len(value)} values" if several else f"one list of {counted(len(value), 'item')}"
