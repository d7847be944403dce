"""Wrong answers by the hundred: right ones with one small thing changed in their code."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Iterator

SWAPS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.FloorDiv, ast.Mult),
}


def mutants(function) -> Iterator[tuple[str, object]]:
    """Make every function that differs from a given one in one place.

    Yields what was changed, with the changed line, and the function.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    definition.decorator_list = []
    for at, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node, definition):
            changed = copy.deepcopy(tree)
            target = next(each for k, each in enumerate(ast.walk(changed)) if k == at)
            try:
                change(target)
                code = ast.unparse(ast.fix_missing_locations(changed))
                own = dict(function.__globals__)
                exec(compile(code, f"<mutant of {function.__name__}>", "exec"), own)
            except (SyntaxError, ValueError, TypeError):
                continue
            yield f"{what}\n{code}", own[function.__name__]


def _changes(node, definition):
    if isinstance(node, ast.Compare):
        for op in SWAPS.get(type(node.ops[0]), ()):
            yield f"{op.__name__} in a comparison", lambda n, op=op: n.ops.__setitem__(0, op())
    if isinstance(node, ast.BinOp):
        for op in SWAPS.get(type(node.op), ()):
            yield f"{op.__name__} in arithmetic", lambda n, op=op: setattr(n, "op", op())
        yield "operands swapped", _swap_operands
    if isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        given = [each.arg for each in definition.args.args]
        if node.id in given:
            for other in given:
                if other != node.id:
                    yield "another parameter", lambda n, other=other: setattr(n, "id", other)
            yield "sorted", lambda n: _wrap(n, "sorted")
            yield "reversed", lambda n: _wrap(n, "reversed")
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper"):
            if getattr(node, bound) is not None:
                yield "slice without a bound", lambda n, bound=bound: setattr(n, bound, None)
                for step in (1, -1):
                    yield "slice off by one", lambda n, b=bound, s=step: _shift(n, b, s)
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        for step in (1, -1):
            yield "index off by one", lambda n, s=step: _shift(n, "slice", s)
    if isinstance(node, ast.If):
        yield "nothing done in a branch", lambda n: setattr(n, "body", [ast.Pass()])
        if node.orelse:
            yield "branch dropped", lambda n: setattr(n, "orelse", [])
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            yield "elif made if", _part_elif
    if isinstance(node, ast.IfExp):
        yield "branches swapped", _swap_branches
        yield "always the first", lambda n: setattr(n, "test", ast.Constant(True))
        yield "always the second", lambda n: setattr(n, "test", ast.Constant(False))
    if isinstance(node, (ast.For, ast.While)):
        last = definition.body[-1]
        if isinstance(last, ast.Return):
            yield "return in the loop", lambda n: n.body.append(copy.deepcopy(last))
        yield "loop stops early", lambda n: n.body.append(ast.Break())
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        if isinstance(statements, list) and len(statements) > 1:
            for at in range(len(statements)):
                yield "statement dropped", lambda n, f=field, at=at: getattr(n, f).pop(at)
    if isinstance(node, ast.AugAssign):
        yield "starts anew", _start_anew
    if isinstance(node, ast.Attribute) and node.attr in ("append", "extend"):
        other = {"append": "extend", "extend": "append"}[node.attr]
        yield f"{other} for {node.attr}", lambda n: setattr(n, "attr", other)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield "returned in another order", lambda n: n.value.elts.reverse()


def _other_constants(value):
    others = ()
    if type(value) is int:
        others = (value + 1, value - 1)
    elif type(value) is float:
        others = (value * 100, value / 2, value + 0.05, value - 0.05)
    elif isinstance(value, str):
        others = (value.lower(), value.strip("[]<>"), "")
    for other in others:
        if other != value:
            yield f"{other!r} for {value!r}", lambda n, other=other: setattr(n, "value", other)


def _swap_operands(node):
    node.left, node.right = node.right, node.left


def _swap_branches(node):
    node.body, node.orelse = node.orelse, node.body


def _wrap(node, name):
    inner = ast.Name(node.id, ast.Load())
    call = ast.Call(ast.Name(name, ast.Load()), [inner], [])
    node.__class__ = ast.Call
    node.__dict__.update(call.__dict__)


def _shift(node, field, step):
    op = ast.Add() if step > 0 else ast.Sub()
    setattr(node, field, ast.BinOp(getattr(node, field), op, ast.Constant(1)))


def _part_elif(node):
    (second,) = node.orelse
    both = [ast.If(node.test, node.body, []), second]
    node.test, node.body, node.orelse = ast.Constant(True), both, []


def _start_anew(node):
    target, value = node.target, node.value
    node.__class__ = ast.Assign
    node.__dict__.clear()
    node.__dict__.update(ast.Assign([target], value, lineno=1).__dict__)
