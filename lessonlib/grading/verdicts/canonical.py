"""Outcomes in one way of writing, so that nbval's comparison of texts decides.

Tuples and arrays are lists already when an outcome is encoded. Here the keys of a dictionary get
one order, and what is equal to Python, such as ``True`` and ``1``, one look. What cannot be
canonical is a tolerance: two numbers may be alike and lie on two sides of any rounding. So a number
that is near enough to the expected one in its place is written as that one, before nbval looks.
"""

import json
import math
from typing import Any

from lessonlib.practice.codec import Other, Outcome, decode

NEAR = {"rel_tol": 1e-6, "abs_tol": 1e-9}  # six digits, as a check in the notebook compares


def canonical(outcome: Outcome) -> Any:
    """Return the part of an outcome that decides, as JSON: not what was printed."""
    if outcome.failure is not None:
        return {"raised": outcome.failure.type}
    return {
        "returned": _written(decode(outcome.value)),
        "changed": list(outcome.changed),
        "stopped": outcome.timed_out,
    }


def near(said: Any, expected: Any) -> Any:
    """Return what was said with each number that is near the expected one written as that one."""
    if isinstance(said, list) and isinstance(expected, list):
        pairs = zip(said, expected, strict=False)
        return [near(*pair) for pair in pairs] + said[len(expected) :]
    if isinstance(said, dict) and isinstance(expected, dict):
        return {key: near(value, expected.get(key)) for key, value in said.items()}
    numbers = isinstance(said, (int, float)) and isinstance(expected, (int, float))
    is_near = (
        numbers and float in (type(said), type(expected)) and math.isclose(said, expected, **NEAR)
    )
    return expected if is_near else said


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        by_key = {json.dumps(_key(_written(key))): value[key] for key in value}
        return {"dict": sorted(by_key), "values": [_written(by_key[key]) for key in sorted(by_key)]}
    if isinstance(value, Other):
        return {"type": value.type, "text": value.text}
    return value


def _key(key: Any) -> Any:
    """Return a key as all equal keys are written: of 1 and 1.0, a dictionary knows one."""
    if isinstance(key, list):
        return [_key(part) for part in key]
    return int(key) if isinstance(key, float) and key.is_integer() else key
