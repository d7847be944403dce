"""What a function's code reads of its parameters and other cells, and where it is still dots."""

import ast
import dis
import inspect
import linecache
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, EllipsisType, FunctionType, ModuleType
from typing import NamedTuple

MOST_CODE = 20_000
# With these a function reads its parameters without naming them.
ALL_AT_ONCE = {"locals", "vars", "eval", "exec", "dir"}
_LOCAL = ("LOAD_FAST", "STORE_FAST_LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE")
_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")


class Read(NamedTuple):
    """What can be told of a function's code without running it.

    The parameters that it never reads, the variables of other cells that it does read (without
    functions and modules), and the lines of its cell that are nothing but dots, where code belongs.
    """

    unread: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    dots: tuple[int, ...] = ()


def read(function: object) -> Read:
    """Look through a function's code; nothing is told of what has none, or very much."""
    if type(function) is not FunctionType or len(function.__code__.co_code) > MOST_CODE:
        return Read()
    unread, names, dots = _looked_through(function.__code__)
    kept = function.__globals__
    variables = (name for name in names if name in kept and not callable(kept[name]))
    return Read(unread, tuple(n for n in variables if not isinstance(kept[n], ModuleType)), dots)


@lru_cache(maxsize=32)  # a function is called many times
def _looked_through(code: CodeType) -> Read:
    names = tuple(dict.fromkeys(_globals_read(code)))
    given = code.co_varnames[: code.co_argcount]
    read = {*_loaded(code, _LOCAL), *code.co_cellvars}
    if not ALL_AT_ONCE.isdisjoint(names):
        read.update(given)
    return Read(tuple(name for name in given if name not in read), names, _lines_of_dots(code))


def _lines_of_dots(code: CodeType) -> tuple[int, ...]:
    try:
        # As `inspect.getsourcelines`, which asks every module that there is whose code this is.
        first = code.co_firstlineno
        lines = inspect.getblock(linecache.getlines(code.co_filename)[first - 1 :])
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError, ValueError, TypeError):
        return ()
    return tuple(
        first + node.lineno - 1
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, EllipsisType)
    )


def _loaded(code: CodeType, kinds: tuple[str, ...]) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname.startswith(kinds):  # some read two names at once
            yield from step.argval if isinstance(step.argval, tuple) else (step.argval,)


def _globals_read(code: CodeType) -> Iterator[str]:
    yield from _loaded(code, _GLOBAL)
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and len(inner.co_code) <= MOST_CODE:
            yield from _globals_read(inner)
