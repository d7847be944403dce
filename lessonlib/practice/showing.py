"""How a message shows its evidence: the call, and what was expected and returned."""

from itertools import zip_longest
from typing import Any

from lessonlib.practice.question import Arguments, Question
from lessonlib.words import Words

WORDS = Words("practice")
MOST_SHOWN = 400
MOST_LINES = 12


def call(question: Question, arguments: Arguments) -> str:
    """Write a call of a question's function as the learner would."""
    first, *others = zip(question.parameters, arguments, strict=True)
    said = [repr(first[1]), *(f"{name}={value!r}" for name, value in others)]
    return f"{question.name}({', '.join(said)})"


def written(value: Any) -> str:
    """Write a decoded value in a few hundred characters, without the dust of float arithmetic."""
    text = repr(_without_dust(value))
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " ..."


def entry(value: Any) -> str:
    """Write one entry of an attention mask."""
    if isinstance(value, (bool, int, float)) and value in (0, 1):
        return "●" if value else "·"
    text = written(value)
    return text if len(text) <= 8 else text[:6] + ".."


def is_table(value: Any) -> bool:
    """Tell whether a value is a list of rows."""
    return isinstance(value, list) and len(value) > 0 and all(isinstance(r, list) for r in value)


def aligned(key: str, lines: list[str], **slots: object) -> list[str]:
    """Indent lines of evidence, with a label in front of the first, if it has one."""
    label = WORDS(f"evidence.{key}", **slots) if key else ""
    return [f"  {label if index == 0 else '':<9} {line}" for index, line in enumerate(lines)]


def compared(question: Question, expected: list[Any], returned: list[Any]) -> list[str]:
    """Show the parts expected and returned, which may be fewer, and tables row beside row."""
    if len(expected) == 1 and all(map(is_table, [*expected, *returned])) and returned:
        return _rows_compared(expected[0], returned[0])
    return [
        *aligned("expected", _named(question, expected)),
        *aligned("returned", _named(question, returned)),
    ]


def printed(text: str) -> list[str]:
    """Show the beginning of what a function printed."""
    lines = text.strip().splitlines()
    more = ["..."] if len(lines) > MOST_LINES else []
    return aligned("printed", [line[:MOST_SHOWN] for line in lines[:MOST_LINES]] + more)


def _without_dust(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.10g}")  # 2.1700000000000004 is 2.17
    if isinstance(value, list):
        return [_without_dust(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_dust(item) for key, item in value.items()}
    return value


def _named(question: Question, parts: list[Any]) -> list[str]:
    if not parts:
        return [WORDS("evidence.nothing")]
    if len(parts) == 1:
        return _lines(parts[0])
    width = max(map(len, question.parts))
    named = zip(question.parts, parts, strict=True)
    return [f"{name:<{width}} = {written(part)}" for name, part in named]


def _lines(part: Any) -> list[str]:
    if is_table(part) and len(part) <= MOST_LINES:
        return [" ".join(map(entry, row[:MOST_LINES])) for row in part]
    return [written(part)]


def _rows_compared(expected: list[list[Any]], returned: list[list[Any]]) -> list[str]:
    width = max(len(entry(each)) for row in expected + returned for each in [*row[:MOST_LINES], 0])

    def cells(row: list[Any], right: list[Any]) -> str:
        pairs = zip_longest(row[:MOST_LINES], right[: len(row[:MOST_LINES])], fillvalue=Ellipsis)
        return "".join(
            f" {entry(one):<{width}} " if entry(one) == entry(other) else f"[{entry(one):<{width}}]"
            for one, other in pairs
        ).rstrip()

    rows = list(zip_longest(expected, returned, fillvalue=[]))[:MOST_LINES]
    left = [cells(wanted, wanted) for wanted, _ in rows]
    headings = WORDS("evidence.expected"), WORDS("evidence.returned")
    gap = max(len(headings[0]) + 1, *map(len, left)) + 4
    lines = aligned("", [f"{headings[0]:<{gap}}{headings[1]}"])
    for query, (one, (wanted, came)) in enumerate(zip(left, rows, strict=True)):
        lines += aligned("row", [f"{one:<{gap}}{cells(came, wanted)}".rstrip()], number=query)
    return lines + aligned("", [WORDS("evidence.legend")])
