"""What a function's code reads of its parameters and other cells, and where it is still dots."""

import ast
import dis
import inspect
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, EllipsisType, FunctionType, ModuleType

MOST_CODE = 20_000
# With these a function reads its parameters without naming them.
ALL_AT_ONCE = {"locals", "vars", "eval", "exec", "dir"}
_LOCAL = ("LOAD_FAST", "STORE_FAST_LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE")
_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")


def unread_parameters(function: object) -> tuple[str, ...]:
    """List the parameters that a function never reads; none where it cannot be told."""
    code = _code_of(function)
    return () if code is None else _unread(code)


def borrowed_names(function: object) -> tuple[str, ...]:
    """List the variables of other cells that a function reads, without functions and modules."""
    code = _code_of(function)
    if code is None:
        return ()
    kept = function.__globals__
    return tuple(
        name
        for name in _globals_read(code)
        if name in kept and not callable(kept[name]) and not isinstance(kept[name], ModuleType)
    )


def lines_of_dots(function: object) -> tuple[int, ...]:
    """List the lines of a function's cell that are nothing but dots, where code belongs."""
    code = _code_of(function)
    return () if code is None else _dots(code)


def _code_of(function: object) -> CodeType | None:
    if type(function) is not FunctionType or len(function.__code__.co_code) > MOST_CODE:
        return None
    return function.__code__


# A function is called many times; its code is looked through once.
@lru_cache(maxsize=32)
def _unread(code: CodeType) -> tuple[str, ...]:
    if ALL_AT_ONCE & set(_globals_read(code)):
        return ()
    given = code.co_varnames[: code.co_argcount]
    read = {*_loaded(code, _LOCAL), *code.co_cellvars}
    return tuple(name for name in given if name not in read)


@lru_cache(maxsize=32)
def _dots(code: CodeType) -> tuple[int, ...]:
    try:
        lines, first = inspect.getsourcelines(code)
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


@lru_cache(maxsize=32)
def _globals_read(code: CodeType) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_walk(code)))


def _loaded(code: CodeType, kinds: tuple[str, ...]) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname.startswith(kinds):  # some read two names at once
            yield from step.argval if isinstance(step.argval, tuple) else (step.argval,)


def _walk(code: CodeType) -> Iterator[str]:
    yield from _loaded(code, _GLOBAL)
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and len(inner.co_code) <= MOST_CODE:
            yield from _walk(inner)
