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
from collections.abc import Collection, Iterable, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        return f"<{kind(value)} too long to show>"
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


def counted(number: float, noun: str) -> str:
    """Return "1 string" or "2 strings"."""
    said = f"{number:g}" if isinstance(number, float) else number
    return f"{said} {noun}" + ("" if number == 1 else "s")


def instance(value: T, name: str, cls: type | tuple[type, ...], wanted: str) -> T:
    """Return `value`, which must be of a class; `wanted` says what to give instead."""
    if not isinstance(value, cls):
        raise TypeError(f"{name}={shown(value)} is of type {kind(value)}; give {wanted}")
    return value


def integer(value: Any, name: str, low: int, high: int | None = None) -> int:
    """Return `value` as a plain int in low..high; ``high=None`` means no upper limit."""
    allowed = f"{low} or more" if high is None else f"{low}..{high}" if low <= high else "none"
    try:
        if isinstance(value, bool):  # an int to Python, but not what was meant
            raise TypeError
        checked = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name}={shown(value)} is of type {kind(value)}; "
            f"it must be an integer (allowed: {allowed})"
        ) from None
    if checked < low or (high is not None and checked > high):
        raise ValueError(f"{name}={shown(checked)} is out of range; allowed: {allowed}")
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
    allowed = f"above {low:g}" if above else f"{low:g} or more"
    if high is not None:
        allowed += f" and below {high:g}" if below else f" and up to {high:g}"
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(
            f"{name}={shown(value)} is of type {kind(value)}; "
            f"it must be a number (allowed: {allowed})"
        )
    try:
        checked = float(value)
    except OverflowError:
        checked = math.inf
    too_small = checked <= low if above else checked < low
    too_large = high is not None and (checked >= high if below else checked > high)
    if not math.isfinite(checked) or too_small or too_large:
        raise ValueError(f"{name}={checked:.12g} is out of range; allowed: {allowed}")
    return checked


def boolean(value: Any, name: str) -> bool:
    """Return `value` as a plain bool after checking that it is one, of Python or of numpy."""
    is_numpy_bool = str(getattr(value, "dtype", "")) == "bool" and value.shape == ()
    if not isinstance(value, bool) and not is_numpy_bool:
        raise TypeError(f"{name}={shown(value)} is of type {kind(value)}; it must be True or False")
    return bool(value)


def one_of(value: Any, name: str, allowed: Collection[str]) -> str:
    """Return `value` after checking that it is one of the `allowed` strings."""
    options = ", ".join(map(repr, allowed))
    if not isinstance(value, str):
        raise TypeError(
            f"{name}={shown(value)} is of type {kind(value)}; it must be one of {options}"
        )
    if value not in allowed:
        raise ValueError(f"{name}={shown(value)} is unknown; it must be one of {options}")
    return value


def members(values: Any, name: str, wanted: str, in_order: bool = True) -> list:
    """Return the members of a list, tuple, range or array; of a set too if order is no matter.

    Strings, mappings and what is used up by reading it (a generator) are refused; `wanted` says
    what to give instead.
    """
    if hasattr(values, "ndim"):  # an array, which is no Sequence to Python
        is_listing = values.ndim > 0
    else:
        listing = Sequence if in_order else Collection
        is_listing = isinstance(values, listing) and not isinstance(values, (*_TEXT, Mapping))
    if not is_listing:
        raise TypeError(f"{name}={shown(values)} is of type {kind(values)}; give {wanted}")
    return list(values)


def tokens(values: Any, least: int = 1, name: str = "tokens") -> list[str]:
    """Return tokens as a list of at least `least` plain strings."""
    wanted = "a list of strings"
    if isinstance(values, str):
        wanted += f", for example {name}.split()"
    checked = members(values, name, wanted)
    for index, token in enumerate(checked):
        if not isinstance(token, str):
            raise TypeError(
                f"{name}[{index}]={shown(token)} is of type {kind(token)}; it must be a string"
            )
    if len(checked) < least:
        allowed = f"{least} or more strings"
        raise ValueError(f"{name}={shown(checked)} is too short; allowed: {allowed}")
    return [str(token) for token in checked]


def positions(
    values: Any, length: int, name: str = "positions", in_order: bool = False
) -> list[int]:
    """Return positions as distinct integers in 0..length-1; a set will do if order is no matter."""
    listed = members(values, name, "a list of integers", in_order)
    return places(((f"{name}[{index}]", value) for index, value in enumerate(listed)), length)


def places(named: Iterable[tuple[str, Any]], length: int) -> list[int]:
    """Return values, each given with its name, as distinct integers in 0..length-1."""
    names: dict[int, str] = {}
    for name, value in named:
        position = integer(value, name, 0, length - 1)
        if position in names:
            raise ValueError(
                f"{name}={position} is given twice, first as {names[position]}; give each once"
            )
        names[position] = name
    return list(names)


def order(values: Any, length: int, name: str = "order") -> list[int]:
    """Return an order as a list that holds each of 0..length-1 exactly once."""
    checked = positions(values, length, name, in_order=True)
    if len(checked) != length:
        wanted = f"each of 0..{length - 1} exactly once" if length else "nothing"
        raise ValueError(f"{name}={shown(checked)} must hold {wanted}")
    return checked


def spans(values: Any, length: int, empty_allowed: bool = False) -> list[tuple[int, int]]:
    """Return spans as pairs ``start < end <= length`` from left to right without overlap."""
    rule = "start <= end" if empty_allowed else "start < end"
    wanted = "a list of pairs such as [(2, 5)]"
    if getattr(values, "ndim", 2) > 2:
        raise TypeError(f"spans is an array of {values.ndim} dimensions; give {wanted}")
    checked: list[tuple[int, int]] = []
    for span in members(values, "spans", wanted):
        pair = members(span, "span", "a pair (start, end); spans is a list of them")
        if len(pair) != 2:
            has = counted(len(pair), "member")
            raise ValueError(f"span={shown(span)} has {has}; allowed: 2, start and end")
        start = integer(pair[0], "start", 0, length)
        end = integer(pair[1], "end", 0, length)
        if end < start:
            raise ValueError(f"end={end} is before start={start}; a span needs {rule}")
        if end == start and not empty_allowed:
            raise ValueError(f"end={end} equals start={start}; a span needs {rule}")
        if checked and start < checked[-1][1]:
            raise ValueError(
                f"span {(start, end)} starts before span {checked[-1]} has ended; "
                f"spans go from left to right and do not overlap"
            )
        checked.append((start, end))
    return checked


def generator(rng: Any) -> np.random.Generator:
    """Return `rng` after checking that it is a numpy Generator."""
    import numpy as np

    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is of type {kind(rng)}; it must be a numpy Generator, "
            f"for example np.random.default_rng(0)"
        )
    return rng


def array(values: Any, name: str, kinds: str, wanted: str) -> NDArray:
    """Return `values`, which must be a plain numpy array of one of the kinds of dtype ("f", "iu").

    A masked array or a matrix is refused: what it hides, or how it is indexed, would be lost.
    `wanted` says what to give instead.
    """
    import numpy as np

    if type(values) not in (np.ndarray, np.memmap):
        raise TypeError(f"{name} is of type {kind(values)}; give {wanted}")
    if values.dtype.kind not in kinds:
        raise TypeError(f"{name} has dtype {values.dtype}; give {wanted}")
    return values


def floats(values: Any, name: str, shape: tuple[int | str, ...], wanted: str = "") -> NDArray:
    """Return `values`, which must be an array of finite floats of a shape.

    In `shape` a name stands for any size of 1 or more; `wanted` is an example of what to give.
    """
    import numpy as np

    array(values, name, "f", f"a numpy array of floats {wanted}".rstrip())
    fits = len(shape) == values.ndim and all(
        size > 0 if isinstance(allowed, str) else size == allowed
        for size, allowed in zip(values.shape, shape, strict=True)
    )
    if not fits:
        sizes = ", ".join(map(str, shape))
        raise ValueError(f"{name} has shape {values.shape}; allowed: ({sizes}), nowhere 0")
    finite = np.isfinite(values)
    if not finite.all():
        place = tuple(np.argwhere(~finite)[0].tolist())
        raise ValueError(f"{name}{list(place)} is {values[place]}; all numbers must be finite")
    return values
