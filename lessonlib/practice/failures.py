"""What keeps a function from returning anything, whatever was asked: it raises, it waits, ..."""

import re
from typing import Any

from lessonlib.practice.outcomes import PATIENCE, SECONDS, Failure, Other, Outcome, decode
from lessonlib.practice.question import Question

UNANSWERED = "unanswered"
Fault = tuple[str, str]


def fault_of_call(question: Question, outcome: Outcome) -> Fault | None:
    """Find what kept a function from returning anything that could be judged.

    Parameters
    ----------
    question : Question
        What was asked.
    outcome : Outcome
        What came of the call.

    Returns
    -------
    tuple of str, or None
        The cause's name and an explanation.
    """
    if outcome.timed_out:
        return "endless_loop", (
            f"Your function was still running after {SECONDS:g} seconds of computing, or "
            f"{PATIENCE:g} on the clock. A loop that never ends often grows the list that it walks "
            "over, or its counter never changes, or it waits for something that never comes. If "
            "you find no such loop, the computer may have been busy: run the check again."
        )
    if outcome.failure is not None:
        return _raised(question, outcome.failure)
    if outcome.changed:
        names = " and ".join(f"`{question.parameters[index]}`" for index in outcome.changed)
        return "argument_changed", (
            f"Your function changes {names} itself, so whoever called it has lost the original: "
            "compare the call with what is left after it. Make a copy first and change the copy."
        )
    value = decode(outcome.value)
    if has_dots(value):
        return UNANSWERED, (
            f"`{question.name}` still returns dots, `...`. Put your own code in their place in the "
            "cell above, run it, then run this cell again."
        )
    if value is None and outcome.dots:
        return UNANSWERED, said_of_dots(outcome.dots)
    if value is None and outcome.printed.strip():
        return "printed_instead_of_returned", (
            "Your function prints its result but returns nothing. Print shows a value to you; only "
            "`return` hands it to the code that called the function."
        )
    if value is None:
        return "returned_none", (
            "Your function returned None. That happens where a function ends without `return`. "
            + WHERE_NONE_COMES_FROM
        )
    return None


def _raised(question: Question, failure: Failure) -> Fault:
    if failure.type == "TypeError" and not failure.line and "argument" in failure.text:
        wanted = f"{question.name}({', '.join(question.parameters)})"
        return "wrong_parameters", f"Your function cannot be called as {wanted}: {failure.text}."
    where = f", in line {failure.line_number} of its cell" if failure.line_number else ""
    shown = f", `{failure.line}`" if failure.line else ""
    said = (hint for part, hint in HINTS_BY_TEXT.items() if part in failure.text)
    hint = next(said, HINTS.get(failure.type, ANY_FAILURE if failure.line else ""))
    kind = re.sub(r"\W", "", failure.type)[:40]
    says = f": {failure.text}" if failure.text else ""
    return f"raised_{kind}", (
        f"Your function stopped with {failure.type}{says}{where}{shown}. {hint}".strip()
    )


WHERE_NONE_COMES_FROM = (
    "Methods such as `append`, `extend` and `sort` change their list and hand back None: write "
    "`words.append(word)` on a line of its own, without `words =` or `return` in front."
)
HINTS_BY_TEXT = {
    "ellipsis": "Dots, `...`, still stand where your own code belongs.",
    "not in list": (
        "`index` and `remove` stop where a list does not have what they look for, and it is not in "
        "the list of every call."
    ),
    "does not support item assignment": (
        "What stands in front of the `[...]` is no list and no dictionary any more. `name = value` "
        "gives a name a new value; `name[position] = value` puts it in at a position."
    ),
    "list assignment index": (
        "A list has no place to write to before something is there. `append` makes one."
    ),
    "cannot be interpreted as an integer": (
        "A whole number is wanted there: in `insert` the position comes first, then the item."
    ),
    "is not callable": (
        "Round brackets behind a value call it; a position takes square ones: `[0]`."
    ),
    "not subscriptable": "Only lists, text and dictionaries have something in `[...]` to ask for.",
    "not supported between instances": "Only like can be compared with like, numbers with numbers.",
    "pop from empty": "`pop` finds nothing left to take out.",
    "slice indices must be": "The ends of a slice are whole numbers.",
    "NoneType": WHERE_NONE_COMES_FROM,
    "can only concatenate list": (
        "`+` joins a list with a list only. Put a single word into brackets first: `[word]`."
    ),
    "can only concatenate str": (
        "`+` joins text with text only. To put a word in front of a list, write `[word] + words`."
    ),
    "list indices must be": (
        "A list needs a position in its brackets: a whole number, or a slice like `[1:3]`."
    ),
    "unhashable type: 'list'": "A list cannot be a key. Use one position, or one word, as the key.",
    "name 'MASK'": "Text needs quotes: `'[MASK]'`.",
    "values to unpack": "There are not as many values on the right as there are names on the left.",
    "'int' object is not iterable": (
        "You walk over one number. To count up to it, use `range(number)`."
    ),
}
ANY_FAILURE = "To find out why, print the values of that line just before it, for the call below."
HINTS = {
    "AttributeError": "That kind of value has nothing of that name.",
    "IndexError": "You asked for a position that is not there: n items have positions 0 to n-1.",
    "KeyError": "You asked a dictionary for a key that it does not have.",
    "NameError": "A name is used that was never given a value; is it spelt as you defined it?",
    "RecursionError": "A function that calls itself needs a case in which it stops.",
    "SystemExit": "A function hands its result back with `return`, not with `exit`.",
    "UnboundLocalError": "A name is used before it gets its value on this path.",
    "ZeroDivisionError": (
        "You divide by 0: what stands behind `/` is 0. If it is a counter, nothing had been "
        "counted yet; if it is a length, the list is empty."
    ),
}


def said_of_dots(lines: tuple[int, ...]) -> str:
    """Say which lines of a cell are still nothing but dots."""
    numbers = " and ".join(map(str, lines[:5]))
    which = f"Lines {numbers} of its cell are" if lines[1:] else f"Line {numbers} of its cell is"
    return f"{which} still dots, `...`: your own code goes there, in their place."


def has_dots(value: Any) -> bool:
    """Tell whether dots are left anywhere in a decoded value."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, (list, tuple)):
        return any(map(has_dots, value))
    return isinstance(value, Other) and value.type == "ellipsis"
