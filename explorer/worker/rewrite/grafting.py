"""Pieces of syntax tree that are put beside the program's own, each in a place of the source."""

from __future__ import annotations

import ast
from typing import Any, TypeVar

from explorer.worker.rewrite.assigned import children
from explorer.worker.rewrite.marks import OVERFLOW, READY, TAP, Mark

Node = TypeVar("Node", bound=ast.AST)
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def undisturbed(body: list[ast.stmt]) -> int:
    """How many statements at the start must stay first: a docstring and future imports."""
    count = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        count = int(isinstance(body[0].value.value, str))
    while count < len(body):
        statement = body[count]
        if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
            break
        count += 1
    return count


def make_ready(statement: ast.stmt) -> None:
    """Let what stands behind ``out=`` in this statement's own expressions pass a probe first."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.keyword) and node.arg == "out":
            call = probe_call(READY, [node.value])
            node.value = placed(call, node.value)
            pending.extend(children(call))
            continue
        pending.extend(one for one in children(node) if not isinstance(one, ast.stmt))


def tap(mark: Mark, value: ast.expr) -> ast.expr:
    """The same value, on its way through a probe."""
    tapped: ast.expr = placed(probe_call(TAP, [ast.Constant(mark.id), value]), value)
    return tapped


def probe_call(callee: str, arguments: list[ast.expr]) -> ast.expr:
    """A call through the constant that stands for a probe."""
    return ast.Call(ast.Constant(callee), arguments, [])


def graft(call: ast.expr, where: ast.AST, guarded: bool) -> ast.stmt:
    """A statement that calls a probe. ``guarded``: where the stack has no room left for the call,
    the program goes on without it, to fail where it would have failed by itself."""
    if not guarded:
        return placed(ast.Expr(call), where)
    without = ast.ExceptHandler(ast.Constant(OVERFLOW), None, [ast.Pass()])
    return placed(ast.Try([ast.Expr(call)], [without], [], []), where)


def end_of(statement: ast.stmt) -> ast.AST:
    """The part of a simple statement that is executed last."""
    if isinstance(statement, ast.Assign):
        return statement.targets[-1]
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return statement.target
    return statement


def placed(node: Node, where: ast.AST) -> Node:
    """Give ``node`` and everything new below it the place of ``where``."""
    stands: Any = where
    line, column, last, end = (getattr(stands, name) for name in _PLACE)
    pending: list[Any] = [node]
    while pending:
        one = pending.pop()
        if "lineno" in one._attributes:
            if hasattr(one, "lineno"):
                continue
            one.lineno, one.col_offset = line, column
            one.end_lineno, one.end_col_offset = last, end
        pending.extend(children(one))
    return node
