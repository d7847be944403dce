"""Dataclasses out of JSON that anybody may have written: the right types, or an error."""

import json
from dataclasses import is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Made = TypeVar("Made")


def from_json(kind: type[Made], text: str | bytes) -> Made:
    """Make a dataclass of what ``json.dumps(asdict(...))`` wrote.

    Raises
    ------
    ValueError
        If the text is anything else.
    """
    try:
        return _made(kind, json.loads(text))
    except (TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise ValueError(f"{kind.__name__}: {problem}") from None


_hints = cache(get_type_hints)


def _made(kind: Any, data: Any) -> Any:
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _made(hints[name], value) for name, value in data.items()})
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], item) for item in _of_type(list, data))
    return _of_type((int, float) if kind is float else kind, data)


def _of_type(kind: Any, data: Any) -> Any:
    if not isinstance(data, kind):
        raise TypeError(f"{data!r:.80}: {kind}")
    return data
