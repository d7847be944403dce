"""What is wrong with an answer, from the call to the last difference."""

import copy
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import permutations
from typing import Any

from lessonlib import checks
from lessonlib.practice.calling import PATIENCE, SECONDS
from lessonlib.practice.codec import Failure, Other, Outcome, decode, encode
from lessonlib.practice.question import Arguments, Case, Cause, Question
from lessonlib.practice.showing import is_table, written
from lessonlib.words import Words, listed

WORDS = Words("faults")
UNANSWERED = "unanswered"
MOST_NAMED = 5
_NONE_COMES_FROM = "hints_by_text.NoneType"
_LAZY = {"generator", "map", "filter", "zip", "enumerate", "reversed"}
_NOT_KNOWN = {"KeyError", "UnboundLocalError"}  # no entry for what it is called with, or no branch
_FUNCTIONS = {"function", "method", "builtin_function_or_method"}
_FORMS = {list: "list", dict: "dict", str: "text", bool: "bool"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer: a short stable name, and what the learner reads.

    The lesson does not explain what is `about_python`; a `guess` is made from all calls together,
    and not seen in one of them.
    """

    cause: str
    text: str
    about_python: bool = False
    guess: bool = False


def _fault(key: str, *, cause: str = "", about_python: bool = False, **slots: Any) -> Fault:
    """Make the fault that a text is about; a form of the text may stand behind a dot."""
    return Fault(cause or key.partition(".")[0], WORDS(key, **slots), about_python)


_slip = partial(_fault, about_python=True)


class Tried:
    """One call that was tried: its arguments, what came of it, and what is right.

    `everywhere` lists all calls of the same function, this one among them.
    """

    def __init__(
        self, question: Question, arguments: Arguments, outcome: Outcome, value: Any = None
    ) -> None:
        self.question, self.arguments, self.outcome = question, tuple(arguments), outcome
        for index in outcome.changed:
            checks.integer(index, "changed", 0, len(question.parameters) - 1)
        self.returned = not outcome.timed_out and outcome.failure is None
        self.value = decode(outcome.value) if value is None else value
        self.parts = question.parts_of(self.value)
        self.case = Case(question, self.arguments, self.value)
        self.causes: Sequence[Cause] = question.causes
        self.everywhere = [self]

    @cached_property
    def expected(self) -> list[Any]:
        """The right parts."""
        right = self.question.reference(*copy.deepcopy(self.arguments))
        return self.question.parts_of(decode(encode(right)))

    @cached_property
    def failed(self) -> Fault | None:
        """What kept the call from returning anything that could be judged."""
        return next(_of_the_call(self), None)

    @cached_property
    def right(self) -> bool:
        """Whether what came back is right."""
        if self.failed is not None or self.parts is None:
            return False
        if self.question.accepts is not None:
            return self.question.takes(self.case)
        return same(self.parts, self.expected)

    @cached_property
    def _case_of_the_right(self) -> Case:
        alone = len(self.question.parts) == 1
        return Case(self.question, self.arguments, self.expected[0] if alone else self.expected)

    def may_have(self, cause: Cause) -> bool:
        """Tell whether a cause fits; it fits each call that returned nothing to compare."""
        if not self.returned or self.value is None or (cause.may_be_right and self.right):
            return True
        return cause.explains(self.case)

    def shows(self, cause: Cause) -> bool:
        """Tell whether a cause fits, and makes a difference here."""
        if not cause.explains(self.case):
            return False
        return cause.seen or cause.may_be_right or not cause.explains(self._case_of_the_right)

    def of_the_rest(self, open_parts: set[int]) -> "Tried":
        """Make the same call with the right values in the parts that are still to be done."""
        if self.parts is None or not self.returned:
            return self
        parts = [
            right if at in open_parts else part
            for at, (part, right) in enumerate(zip(self.parts, self.expected, strict=True))
        ]
        # What a half does not read yet it may still come to read.
        return Tried(self.question, self.arguments, replace(self.outcome, unread=()), parts)


def together(calls: list[Tried], causes: Sequence[Cause] | None = None) -> list[Tried]:
    """Let each call know all calls of the same function, and which causes it may have."""
    returned = [each.case for each in calls if each.returned]
    for each in calls:
        each.case.calls = returned
        each.everywhere, each.causes = calls, each.causes if causes is None else causes
    return calls


def fault_of(tried: Tried) -> Fault:
    """Find what is wrong with a call that is not right."""
    looks = (_of_the_call, _of_writing, _known, _of_the_value)
    return next(fault for look in looks for fault in look(tried))


# Each of these yields all that it finds; what comes first is said, and the rest never looked for.


def _of_the_call(tried: Tried) -> Iterator[Fault]:
    """Find what kept the call from returning anything that could be judged."""
    question, outcome = tried.question, tried.outcome
    if outcome.timed_out:
        yield _slip("endless_loop", seconds=f"{SECONDS:g}", patience=f"{PATIENCE:g}")
    if outcome.failure is not None:
        yield _raised(tried, outcome.failure)
    if outcome.changed:
        names = listed_names(question.parameters[index] for index in outcome.changed)
        yield _slip("argument_changed", names=names)
    if has_dots(tried.value):
        yield _slip(UNANSWERED, name=question.name)
    if tried.value is None and outcome.dots:
        yield Fault(UNANSWERED, said_of_dots(outcome.dots), about_python=True)
    if tried.value is None and outcome.printed.strip():
        yield _slip("printed_instead_of_returned")
    if tried.value is None:
        hint = question.unknown(tried.arguments) or WORDS(_NONE_COMES_FROM)
        yield Fault("returned_none", f"{WORDS('returned_none')} {hint}", about_python=True)


def _raised(tried: Tried, failure: Failure) -> Fault:
    question = tried.question
    if failure.type == "TypeError" and not failure.line and "argument" in failure.text:
        call = f"{question.name}({', '.join(question.parameters)})"
        return _slip("wrong_parameters", call=call, error=failure.text)
    place = "in_line" if failure.line else "in_a_line" if failure.line_number else "somewhere"
    error = f"{failure.type}: {failure.text}" if failure.text else failure.type
    said = WORDS(f"raised.{place}", error=error, number=failure.line_number, line=failure.line)
    by_text, by_type = WORDS.texts["hints_by_text"], WORDS.texts["hints_by_type"]
    hints = [hint for part, hint in by_text.items() if part in failure.text]
    if failure.type in _NOT_KNOWN and (unknown := question.unknown(tried.arguments)):
        hints = [unknown]
    hints.append(by_type.get(failure.type, WORDS("print_the_values") if failure.line else ""))
    kind = re.sub(r"\W", "", failure.type)[:40]
    return Fault(f"raised_{kind}", f"{said} {hints[0]}".strip(), about_python=True)


def _of_writing(tried: Tried) -> Iterator[Fault]:
    """Find a slip of writing that would look like a misunderstanding of the lesson."""
    for part, right in _lists(tried):
        words = {item: None for item in right if isinstance(item, str) and len(item) > 1}
        for word in sorted(words, key=len, reverse=True):
            starts = range(len(part) - len(word) + 1)
            if any(part[start : start + len(word)] == [*word] for start in starts):
                yield _slip("text_added_by_letters", word=word)
    for part, right in _lists(tried):
        words = {item for item in right if isinstance(item, str)}
        for text in part:
            several = isinstance(text, str) and text not in words and len(text.split()) > 1
            if several and words.issuperset(text.split()):
                yield _slip("several_words_in_one_entry", words=text)
    if tried.outcome.one_row and len(tried.expected) == 1 and is_table(tried.expected[0]):
        yield _slip("rows_are_one_list")
    # Of two lists an exchange may be a misunderstanding as well, which the question then knows.
    orders = permutations(tried.parts) if len(tried.parts or ()) > 2 else ()
    if any(same(list(each), tried.expected) for each in orders):
        yield _fault("swapped_order.of_several", names=listed_names(tried.question.parts))


def _lists(tried: Tried) -> list[tuple[list[Any], list[Any]]]:
    """Pair the parts that are lists and should be lists with the right ones."""
    pairs = zip(tried.parts or [], tried.expected, strict=False)
    return [(a, b) for a, b in pairs if isinstance(a, list) and isinstance(b, list)]


def _known(tried: Tried) -> Iterator[Fault]:
    """Find what the question knows, or what all calls have in common."""
    ordered = _order_it_counts_on(tried)
    for cause in filter(tried.shows, tried.causes):
        # What is seen in one value is no cause if all that is wrong has another in common.
        seen = cause.seen and ordered is None
        if seen or all(each.may_have(cause) for each in tried.everywhere):
            said = tried.question.says(cause, tried.case)
            yield Fault(cause.name, said, cause.about_python, guess=not cause.seen)
    if ordered is not None:
        lists = [each.arguments[ordered] for each in tried.everywhere]
        unordered = ", ".join(str(each) for each in lists if each != sorted(each))
        name = tried.question.parameters[ordered]
        said = WORDS("counts_on_order", name=name, lists=unordered)
        yield Fault("counts_on_order", said, guess=True)


def _order_it_counts_on(tried: Tried) -> int | None:
    """Find the positions that have to go up for a function to be right."""
    for index, name in enumerate(tried.question.parameters):
        if name.endswith("positions"):
            lists = [each.arguments[index] for each in tried.everywhere]
            ordered = [each == sorted(each) for each in lists]
            agree = ordered == [each.right for each in tried.everywhere]
            if agree and sum(ordered) > 1 and ordered.count(False) > 1:
                return index
    return None


def _of_the_value(tried: Tried) -> Iterator[Fault]:
    """Find how the value differs: the last resort."""
    question, value, unread = tried.question, tried.value, tried.outcome.unread
    if isinstance(value, Other):
        if value.type == "generator":
            yield _slip("not_made_into_a_list.by_yield")
        yield _other(value, "whole", WORDS("forms.any"))
    if tried.parts is None:
        slots = {"count": len(tried.expected), "names": listed_names(question.parts)}
        yield _fault("wrong_number_of_values", came=_values_in(value), **slots)
    if len(tried.parts) == 2 and same(tried.parts[::-1], tried.expected):
        first, second = question.parts
        yield _fault("swapped_order.of_two", first=first, second=second)
    named = list(zip(question.parts, tried.parts, tried.expected, strict=True))
    for name, part, right in named:
        if isinstance(part, Other):
            yield _other(part, "part", WORDS(f"forms.{_form(right)}"), right, name)
    if unread:
        sentences = [WORDS("parameters_not_used.never", names=listed_names(unread[:MOST_NAMED]))]
        if borrowed := tried.outcome.borrowed:
            names = listed_names(borrowed[:MOST_NAMED])
            sentences.append(WORDS("parameters_not_used.instead", count=len(borrowed), names=names))
        sentences.append(WORDS("parameters_not_used.why"))
        yield Fault("parameters_not_used", " ".join(sentences), about_python=True)
    for at, (name, part, right) in enumerate(named):
        if not same(part, right):
            calls = [each for each in tried.everywhere if each.returned]
            pairs = [(each.parts and each.parts[at], each.expected[at]) for each in calls]
            yield _part_differs(name, part, right, pairs)


def same(one: Any, other: Any) -> bool:
    """Compare decoded values: lists and tuples are alike, and numbers agree to six digits."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return numbers and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other


def has_dots(value: Any) -> bool:
    """Tell whether dots are left anywhere in a decoded value."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, (list, tuple)):
        return any(map(has_dots, value))
    return isinstance(value, Other) and value.type == "ellipsis"


def said_of_dots(lines: Sequence[int]) -> str:
    """Say which lines of a cell are still nothing but dots."""
    return WORDS("lines_of_dots", count=len(lines), numbers=listed(map(str, lines[:5])))


def listed_names(names: Iterable[str]) -> str:
    """Write names as code, in a row."""
    return listed(f"`{name}`" for name in names)


def _other(value: Other, where: str, wanted: str, right: Any = None, name: str = "") -> Fault:
    """Say that a value, or a part of it, is nothing that could be compared."""
    if value.type in _LAZY:
        return _slip(f"not_made_into_a_list.{where}", name=name, type=value.type)
    if value.type in _FUNCTIONS:
        return _slip(f"function_not_called.{where}", name=name)
    fault = _slip(f"unexpected_type.{where}", name=name, value=value.text, wanted=wanted)
    if value.type == "set" and isinstance(right, dict):
        return replace(fault, text=f"{fault.text} {WORDS('curly_brackets')}")
    return fault


def _part_differs(name: str, part: Any, right: Any, pairs: list[tuple[Any, Any]]) -> Fault:
    """Say where in a part something is wrong."""
    wrong = partial(_fault, name=name, cause=f"{name}_wrong")
    if part is None:
        said = f"{WORDS('part_is_none', name=name)} {WORDS(_NONE_COMES_FROM)}"
        return Fault(f"{name}_of_wrong_type", said)
    if _form(part) != _form(right):
        yours, wanted = (WORDS(f"forms.{_form(each)}") for each in (part, right))
        said = WORDS("part_of_wrong_type", name=name, yours=yours, right=wanted)
        if isinstance(right, (list, dict)) and not isinstance(part, (list, dict)):
            said = f"{said} {WORDS(f'new_value.{_form(right)}', name=name)}"
        return Fault(f"{name}_of_wrong_type", said)
    if isinstance(right, list) and len(part) != len(right):
        said = " ".join(_length_differs(name, part, right, pairs))
        return Fault(f"{name}_of_wrong_length", said)
    if isinstance(right, list):
        at, one, other = _first_difference(part, right)
        if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            column, one, other = _first_difference(one, other)
            slots = {"one": written(one), "right": written(other)}
            return wrong("cell_wrong", row=at, column=column, **slots)
        return wrong("item_wrong", at=at, one=written(one), right=written(other))
    if isinstance(right, dict):
        return _key_differs(wrong, part, right)
    if isinstance(right, (int, float)) and _are_rounded(pairs or [(part, right)]):
        return _fault("rounded.to_whole" if float(part).is_integer() else "rounded.to_digits")
    return wrong("part_wrong")


def _first_difference(items: list[Any], others: list[Any]) -> tuple[int, Any, Any]:
    pairs = enumerate(zip(items, others, strict=True))
    return next((at, one, other) for at, (one, other) in pairs if not same(one, other))


def _key_differs(wrong: Callable[..., Fault], part: dict, right: dict) -> Fault:
    for key in right:
        if key not in part:
            return wrong("key_missing", entry=key)
        if not same(part[key], right[key]):
            return wrong("key_wrong", entry=key, one=written(part[key]), right=written(right[key]))
    return wrong("key_too_many", entry=next(key for key in part if key not in right))


def _length_differs(
    name: str, part: list[Any], right: list[Any], pairs: list[tuple[Any, Any]]
) -> list[str]:
    said = [WORDS("length_wrong", name=name, count=len(right), yours=len(part))]
    rows_alike = part and right and isinstance(part[0], list) is isinstance(right[0], list)
    if rows_alike and len(part) == 1 and len(right) > 2 and all(map(_holds_one_at_most, pairs)):
        return [*said, WORDS("return_in_loop")]
    missing, extra = _without(right, part), _without(part, right)
    times = {repr(item): part.count(item) for item in extra if item in right}
    if not missing and len(times) == len(extra) <= MOST_NAMED:
        for item, often in times.items():
            key = "appears_twice" if often == 2 else "appears_often"
            said.append(WORDS(key, item=item, times=often))
        return said
    for key, items in (("missing", missing), ("does_not_belong" if missing else "too_many", extra)):
        if 0 < len(items) <= MOST_NAMED:
            said.append(WORDS(key, items=", ".join(map(written, items))))
    return said


def _holds_one_at_most(pair: tuple[Any, Any]) -> bool:
    part, right = pair
    return not isinstance(part, list) or len(part) == min(1, len(right))


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    """List the items that others do not have as often."""
    left, rest = list(others), []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            rest.append(item)
    return rest


def _are_rounded(pairs: list[tuple[Any, Any]]) -> bool:
    """Tell whether one way of rounding makes all numbers of the right ones."""
    ways = [math.floor, math.ceil, math.trunc, *(partial(round, ndigits=k) for k in range(6))]
    return any(all(_is_rounded(part, right, way) for part, right in pairs) for way in ways)


def _is_rounded(part: Any, right: float, way: Callable[[float], float]) -> bool:
    # How one adds up decides the last bit, and that decides which way a half is rounded.
    return any(same(part, way(right * (1 + more))) for more in (0, -1e-12, 1e-12))


def _form(value: Any) -> str:
    return _FORMS.get(type(value), "number")


def _values_in(value: Any) -> str:
    """Say how many values came back."""
    if not isinstance(value, list):
        return WORDS("came.single", form=WORDS(f"forms.{_form(value)}"))
    # What was a tuple has become a list; lists inside show that several values are meant.
    several = any(isinstance(item, (list, dict)) for item in value)
    return WORDS("came.values" if several else "came.items", count=len(value))
