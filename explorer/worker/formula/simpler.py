"""Makes a formula simpler by what is known of a node: its scalars, and what it did not save."""

from __future__ import annotations

from typing import Any

from explorer.worker.formula.language import (
    Binary,
    Choice,
    Method,
    Name,
    Number,
    Tree,
    Unary,
    map_children,
)
from explorer.worker.formula.operations import NotKnown
from explorer.worker.formula.values import NodeValues, evaluate, truth

_SCALARS = (bool, int, float)


class Present:
    """Stands for a saved tensor whose values are not at hand: it is there, no more is known."""


def simpler(tree: Tree, known: NodeValues) -> Tree:
    """The same formula without branches that cannot be taken and factors that are one."""
    if isinstance(tree, Choice):
        decided = _decided(tree.condition, known)
        if decided is not None:
            return simpler(tree.yes if decided else tree.no, known)
    tree = map_children(tree, lambda part: simpler(part, known))
    if isinstance(tree, Binary):
        return _simpler_binary(tree, known)
    if isinstance(tree, Unary) and tree.operator == "-" and _is(tree.operand, 0, known):
        return tree.operand
    return tree


def _simpler_binary(tree: Binary, known: NodeValues) -> Tree:
    left, right = tree.left, tree.right
    if tree.operator == "*":
        if _is(left, 0, known) or _is(right, 0, known):
            return Number("0")
        if _is(right, 1, known):
            return left
        if _is(left, 1, known):
            return right
    if tree.operator == "/" and _is(right, 1, known):
        return left
    if tree.operator in ("+", "-") and _is(right, 0, known):
        return left
    if tree.operator == "+" and _is(left, 0, known):
        return right
    return tree


def _decided(condition: Tree, known: NodeValues) -> bool | None:
    """Whether a condition holds; None when that differs by cell or is not known."""
    if _asks_for_gradient(condition):
        return True
    try:
        return truth(condition, known)
    except (NotKnown, TypeError, AttributeError):
        return None


def _asks_for_gradient(condition: Tree) -> bool:
    """``grad.defined()``: a node runs only when there is a gradient."""
    return (
        isinstance(condition, Method)
        and condition.name == "defined"
        and condition.object == Name("grad")
    )


def _is(tree: Tree, value: int, known: NodeValues) -> bool:
    """Whether an expression is this number, by what is known before any cell is looked at."""
    if isinstance(tree, Number):
        return tree.value == value
    if not isinstance(tree, (Name, Method)):
        return False
    found: Any
    try:
        found = evaluate(tree, known)
    except (NotKnown, TypeError, AttributeError):
        return False
    return type(found) in _SCALARS and bool(found == value)
