"""What a statement computes, read from its text: the operation and the tensors that go in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Shape = tuple[int, ...]
ShapeOf = Callable[[str], Shape | None]
"""The shape of the tensor that a path leads to; None when no tensor is there."""

SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.MatMult: "@",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
PRODUCTS = frozenset({"@", "mm", "matmul", "bmm", "mv", "dot"})
REDUCTIONS = frozenset(
    "sum mean prod std var amax amin max min argmax argmin median mode norm all any "
    "logsumexp nansum nanmean".split()
)
RUNNING = frozenset({"cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"})
POINTWISE = frozenset(
    "add sub subtract mul multiply div divide true_divide pow atan2 fmod remainder maximum "
    "minimum fmax fmin where lerp eq ne lt le gt ge logical_and logical_or abs sqrt rsqrt exp "
    "exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh sigmoid relu gelu "
    "silu softplus ceil round floor trunc frac neg sign square reciprocal clamp erf leaky_relu "
    "elu isnan isinf isfinite logical_not".split()
)


@dataclass(frozen=True)
class Operand:
    """What goes in: a tensor by its path, or a plain number with the shape ()."""

    text: str
    path: str
    """Empty for a number."""
    shape: Shape


@dataclass(frozen=True)
class Operation:
    """One operation of a statement.

    ``kind`` is ``pointwise``, ``product``, ``reduction``, ``running`` (cumulative) or ``index``.
    ``dims`` are the reduced or running dimensions, not negative; ``index`` is the text between
    the brackets; ``result`` is the name that the statement gives to what comes out, empty for an
    operation inside a bigger expression.
    """

    kind: str
    name: str
    text: str
    operands: tuple[Operand, ...]
    dims: tuple[int, ...] = ()
    keepdim: bool = False
    index: str = ""
    result: str = ""


def operations(code: str, shape_of: ShapeOf) -> list[Operation]:
    """Operations of one statement whose operands can be found, the outermost first."""
    try:
        body = ast.parse(code.strip()).body
    except SyntaxError:
        return []
    found: list[Operation] = []
    for statement in body:
        for value, result in _values(statement):
            for node in ast.walk(value):
                made = _operation(node, shape_of, result if node is value else "")
                if made is not None:
                    found.append(made)
    return found


def _values(statement: ast.stmt) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(statement, ast.AugAssign):
        target = ast.parse(ast.unparse(statement.target), mode="eval").body
        yield ast.BinOp(target, statement.op, statement.value), ast.unparse(statement.target)
    elif isinstance(statement, ast.Assign):
        single = len(statement.targets) == 1 and isinstance(
            statement.targets[0], (ast.Name, ast.Attribute)
        )
        yield statement.value, ast.unparse(statement.targets[0]) if single else ""
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield statement.value, ast.unparse(statement.target)
    elif isinstance(statement, (ast.Return, ast.Expr)) and statement.value is not None:
        yield statement.value, ""


def _operation(node: ast.AST, shape_of: ShapeOf, result: str) -> Operation | None:
    if isinstance(node, ast.BinOp) and type(node.op) in SYMBOLS:
        name = SYMBOLS[type(node.op)]
        return _of_operands(name, node, [node.left, node.right], shape_of, result)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        name = COMPARISONS[type(node.ops[0])]
        return _of_operands(name, node, [node.left, node.comparators[0]], shape_of, result)
    if isinstance(node, ast.Subscript):
        return _indexing(node, shape_of, result)
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
        return _call(node, shape_of, result)
    return None


def _indexing(node: ast.Subscript, shape_of: ShapeOf, result: str) -> Operation | None:
    path = ast.unparse(node.value)
    shape = shape_of(path)
    if shape is None:
        return None
    operand = Operand(path, path, shape)
    text = ast.unparse(node)
    return Operation("index", "[]", text, (operand,), index=text[len(path) + 1 : -1], result=result)


def _call(node: ast.Call, shape_of: ShapeOf, result: str) -> Operation | None:
    func = node.func
    arguments = list(node.args)
    if isinstance(func, ast.Attribute):
        name = func.attr
        if shape_of(ast.unparse(func.value)) is not None:
            arguments.insert(0, func.value)
    else:
        assert isinstance(func, ast.Name)
        name = func.id
    if name.endswith("_") and not name.endswith("__"):
        name = name[:-1]
    if not arguments:
        return None
    if name in REDUCTIONS or name in RUNNING:
        return _reduction(name, node, arguments, shape_of, result)
    if name in POINTWISE or name in PRODUCTS:
        return _of_operands(name, node, arguments, shape_of, result)
    return None


def _of_operands(
    name: str, node: ast.expr, arguments: list[ast.expr], shape_of: ShapeOf, result: str
) -> Operation | None:
    operands = [_operand(argument, shape_of) for argument in arguments]
    known = tuple(operand for operand in operands if operand is not None)
    if len(known) < len(operands) or not any(operand.path for operand in known):
        return None
    kind = "product" if name in PRODUCTS else "pointwise"
    return Operation(kind, name, ast.unparse(node), known, result=result)


def _operand(node: ast.expr, shape_of: ShapeOf) -> Operand | None:
    text = ast.unparse(node)
    shape = shape_of(text)
    if shape is not None:
        return Operand(text, text, shape)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return Operand(text, "", ()) if isinstance(value, (int, float, complex, bool)) else None


def _reduction(
    name: str, node: ast.Call, arguments: list[ast.expr], shape_of: ShapeOf, result: str
) -> Operation | None:
    operand = _operand(arguments[0], shape_of)
    if operand is None or not operand.path:
        return None
    rank = len(operand.shape)
    words = {keyword.arg: keyword.value for keyword in node.keywords}
    place = 2 if name == "norm" else 1
    dim = words.get("dim", words.get("axis", arguments[place] if len(arguments) > place else None))
    dims = _dims(dim, rank)
    if dims is None:
        return None
    keepdim = "keepdim" in words and ast.unparse(words["keepdim"]) == "True"
    kind = "running" if name in RUNNING else "reduction"
    if kind == "running" and len(dims) != 1:
        return None
    return Operation(kind, name, ast.unparse(node), (operand,), dims, keepdim, result=result)


def _dims(node: ast.expr | None, rank: int) -> tuple[int, ...] | None:
    if node is None:
        return tuple(range(rank))
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    if value is None:
        return tuple(range(rank))
    dims = value if isinstance(value, (tuple, list)) else (value,)
    if not all(type(dim) is int and -max(rank, 1) <= dim < max(rank, 1) for dim in dims):
        return None
    return tuple(sorted(dim % rank for dim in dims)) if rank else ()
