"""What an argument must be, said once for every room: `checks.integer(steps, "steps", 1)`.

Each check is named for what it wants. It returns that, as a fresh, plain copy of what it was given,
so that a caller's list is never changed, or raises TypeError (another kind of thing) or ValueError
(a value that is not allowed), with the `name` that the caller knows it by. Numpy integers count as
integers and numpy booleans as booleans; bools and floats are no integers. Messages show a value in
short, however long it is. Only the checks of arrays and generators load numpy.
"""

from __future__ import annotations

import builtins
import math
import operator
import reprlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeVar

from lessonlib.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = Words("checks")

T = TypeVar("T")

_TEXT = (str, bytes, bytearray)

_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxdict = 12
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80
_LONGEST = 400


def shown(value: Any) -> str:
    """Return the repr of a value, cut short in its middle where it is long."""
    try:
        text = _SHORT.repr(value)
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        return WORDS("too_long_to_show", kind=kind(value))
    if "\n" in text:  # as in an array of several rows
        text = " ".join(text.split())
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}...{text[-half:]}"


def kind(value: Any) -> str:
    """Return the name of a value's type; with its module if Python has another of that name."""
    cls = type(value)
    name = cls.__name__
    namesake = getattr(builtins, name, cls)
    return name if namesake is cls else f"{cls.__module__}.{name}"


def instance(value: T, name: str, cls: type | tuple[type, ...], wanted: str) -> T:
    """Return `value`, which must be of a class; `wanted` says what to give instead."""
    if not isinstance(value, cls):
        raise _wrong_kind("wrong_kind", value, name, wanted=wanted)
    return value


def integer(value: Any, name: str, low: int, high: int | None = None) -> int:
    """Return `value` as a plain int in low..high; ``high=None`` means no upper limit."""
    try:
        if isinstance(value, bool):  # an int to Python, but not what was meant
            raise TypeError
        checked = operator.index(value)
    except TypeError:
        raise _wrong_kind("no_integer", value, name, allowed=_whole(low, high)) from None
    if checked < low or (high is not None and checked > high):
        said = {"value": shown(checked), "allowed": _whole(low, high)}
        raise ValueError(WORDS("out_of_range", name=name, **said))
    return checked


def number(
    value: Any,
    name: str,
    low: float,
    high: float | None = None,
    *,
    above: bool = False,
    below: bool = False,
) -> float:
    """Return `value` as a finite float from `low` to `high`; ``high=None`` means any above.

    `above` and `below` say whether `low` itself, and `high` itself, are refused.
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        allowed = _broken(low, high, above, below)
        raise _wrong_kind("no_number", value, name, allowed=allowed)
    try:
        checked = float(value)
    except OverflowError:
        checked = math.inf
    too_small = checked <= low if above else checked < low
    too_large = high is not None and (checked >= high if below else checked > high)
    if not math.isfinite(checked) or too_small or too_large:
        said = {"value": f"{checked:.12g}", "allowed": _broken(low, high, above, below)}
        raise ValueError(WORDS("out_of_range", name=name, **said))
    return checked


def boolean(value: Any, name: str) -> bool:
    """Return `value` as a plain bool after checking that it is one, of Python or of numpy."""
    is_numpy_bool = str(getattr(value, "dtype", "")) == "bool" and value.shape == ()
    if not isinstance(value, bool) and not is_numpy_bool:
        raise _wrong_kind("no_boolean", value, name)
    return bool(value)


def one_of(value: Any, name: str, allowed: Collection[str]) -> str:
    """Return `value` after checking that it is one of the `allowed` strings."""
    options = ", ".join(map(repr, allowed))
    if not isinstance(value, str):
        raise _wrong_kind("no_option", value, name, options=options)
    if value not in allowed:
        raise ValueError(WORDS("unknown", name=name, value=shown(value), options=options))
    return value


def members(values: Any, name: str, wanted: str | Callable[[], str], in_order: bool = True) -> list:
    """Return the members of a list, tuple, range or array; of a set too if order is no matter.

    Strings, mappings and what is used up by reading it (a generator) are refused; `wanted` says
    what to give instead; it may be called for it, so that nobody makes words that nobody reads.
    """
    if hasattr(values, "ndim"):  # an array, which is no Sequence to Python
        is_listing = values.ndim > 0
    else:
        listing = Sequence if in_order else Collection
        is_listing = isinstance(values, listing) and not isinstance(values, (*_TEXT, Mapping))
    if not is_listing:
        said = wanted() if callable(wanted) else wanted
        raise _wrong_kind("wrong_kind", values, name, wanted=said)
    return list(values)


def tokens(values: Any, least: int = 1, name: str = "tokens") -> list[str]:
    """Return tokens as a list of at least `least` plain strings."""
    wanted = "strings_for_example" if isinstance(values, str) else "strings"
    checked = members(values, name, partial(WORDS, f"wanted.{wanted}", name=name))
    for index, token in enumerate(checked):
        if not isinstance(token, str):
            raise _wrong_kind("no_string", token, f"{name}[{index}]")
    if len(checked) < least:
        raise ValueError(WORDS("too_few_tokens", name=name, value=shown(checked), least=least))
    return [str(token) for token in checked]


def texts(values: Any, name: str) -> list[list[str]]:
    """Return texts, at least one of them, each as a list of at least one plain string."""
    listed = members(values, name, partial(WORDS, "wanted.texts", name=name))
    if not listed:
        raise ValueError(WORDS("no_texts", name=name))
    return [tokens(text, name=f"{name}[{index}]") for index, text in enumerate(listed)]


def positions(
    values: Any, length: int, name: str = "positions", in_order: bool = False
) -> list[int]:
    """Return positions as distinct integers in 0..length-1; a set will do if order is no matter."""
    listed = members(values, name, partial(WORDS, "wanted.integers"), in_order)
    return places(((f"{name}[{index}]", value) for index, value in enumerate(listed)), length)


def places(named: Iterable[tuple[str, Any]], length: int) -> list[int]:
    """Return values, each given with its name, as distinct integers in 0..length-1."""
    names: dict[int, str] = {}
    for name, value in named:
        position = integer(value, name, 0, length - 1)
        if position in names:
            first = names[position]
            raise ValueError(WORDS("given_twice", name=name, position=position, first=first))
        names[position] = name
    return list(names)


def order(values: Any, length: int, name: str = "order") -> list[int]:
    """Return an order as a list that holds each of 0..length-1 exactly once."""
    checked = positions(values, length, name, in_order=True)
    if len(checked) != length:
        wanted = WORDS("wanted.each_once" if length else "wanted.nothing", last=length - 1)
        raise ValueError(WORDS("no_order", name=name, value=shown(checked), wanted=wanted))
    return checked


def spans(values: Any, length: int, empty_allowed: bool = False) -> list[tuple[int, int]]:
    """Return spans as pairs ``start < end <= length`` from left to right without overlap."""
    rule = "start <= end" if empty_allowed else "start < end"
    wanted = partial(WORDS, "wanted.spans")
    if getattr(values, "ndim", 2) > 2:
        raise TypeError(WORDS("spans.dimensions", dimensions=values.ndim, wanted=wanted()))
    checked: list[tuple[int, int]] = []
    for span in members(values, "spans", wanted):
        pair = members(span, "span", partial(WORDS, "wanted.pair"))
        if len(pair) != 2:
            raise ValueError(WORDS("spans.members", count=len(pair), span=shown(span)))
        start = integer(pair[0], "start", 0, length)
        end = integer(pair[1], "end", 0, length)
        if end < start or (end == start and not empty_allowed):
            wrong = "spans.end_before_start" if end < start else "spans.empty"
            raise ValueError(WORDS(wrong, start=start, end=end, rule=rule))
        if checked and start < checked[-1][1]:
            raise ValueError(WORDS("spans.overlap", span=(start, end), before=checked[-1]))
        checked.append((start, end))
    return checked


def generator(rng: Any) -> np.random.Generator:
    """Return `rng` after checking that it is a numpy Generator."""
    import numpy as np

    if not isinstance(rng, np.random.Generator):
        raise TypeError(WORDS("no_generator", kind=kind(rng)))
    return rng


def array(values: Any, name: str, kinds: str, wanted: str) -> NDArray:
    """Return `values`, which must be a plain numpy array of one of the kinds of dtype ("f", "iu").

    A masked array or a matrix is refused: what it hides, or how it is indexed, would be lost.
    `wanted` says what to give instead.
    """
    import numpy as np

    if type(values) not in (np.ndarray, np.memmap):
        raise TypeError(WORDS("no_array", name=name, kind=kind(values), wanted=wanted))
    if values.dtype.kind not in kinds:
        raise TypeError(WORDS("wrong_dtype", name=name, dtype=values.dtype, wanted=wanted))
    return values


def floats(values: Any, name: str, shape: tuple[int | str, ...], example: str = "") -> NDArray:
    """Return `values`, which must be an array of finite floats of a shape.

    In `shape` a name stands for any size of 1 or more; `example` is code that makes one.
    """
    import numpy as np

    wanted = WORDS("wanted.floats_such_as" if example else "wanted.floats", example=example)
    array(values, name, "f", wanted)
    fits = len(shape) == values.ndim and all(
        size > 0 if isinstance(allowed, str) else size == allowed
        for size, allowed in zip(values.shape, shape, strict=True)
    )
    if not fits:
        sizes = ", ".join(map(str, shape))
        raise ValueError(WORDS("wrong_shape", name=name, shape=values.shape, sizes=sizes))
    finite = np.isfinite(values)
    if not finite.all():
        place = tuple(np.argwhere(~finite)[0].tolist())
        raise ValueError(WORDS("not_finite", name=name, place=list(place), value=values[place]))
    return values


def _whole(low: int, high: int | None) -> str:
    bounds = "at_least" if high is None else "between" if low <= high else "nothing"
    return WORDS(f"range.{bounds}", low=low, high=high)


def _broken(low: float, high: float | None, above: bool, below: bool) -> str:
    upper = "" if high is None else "_below" if below else "_up_to"
    bounds = ("above" if above else "at_least") + upper
    return WORDS(f"range.{bounds}", low=f"{low:g}", high=None if high is None else f"{high:g}")


def _wrong_kind(key: str, value: Any, name: str, **more: str) -> TypeError:
    return TypeError(WORDS(key, name=name, value=shown(value), kind=kind(value), **more))
