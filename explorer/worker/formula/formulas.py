"""The formula of a node's derivative: looked up, written out, and put to the test.

A node is known by its name alone (``MulBackward0``), so a formula can be told of a graph that
is long gone; numbers need what was recorded of the node.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from explorer.worker.formula.derivatives import NOT_PUBLISHED, Derivative, read_table, table_path
from explorer.worker.formula.functions import expand
from explorer.worker.formula.language import Braces, NotAFormula, Tree, names_in, read_formula
from explorer.worker.formula.operations import NotKnown
from explorer.worker.formula.values import NodeValues, evaluate

GRADIENTS = ("grad", "grads")

IN_WORDS = {
    "AccumulateGrad": "adds the gradient to .grad of its tensor, or sets it when there is none",
    "CopySlices": (
        "an in-place operation on a view: outside the view the gradient passes unchanged, inside"
        " it goes through the operation"
    ),
    "CopyBackwards": "the gradient passes to the source of copy_, in the source's dtype and device",
    "GraphRoot": "where the gradient starts",
}
"""Nodes that torch writes by hand: their rule in words, since no formula is published."""


@dataclass(frozen=True)
class EdgeFormula:
    """The gradient that a node sends along one edge.

    ``argument`` is the operation's argument at the edge's end, ``place`` its place in a list of
    tensors. ``published`` is the text of the table, ``tree`` the same with torch's functions
    written out. ``result`` is which of several results of the expression is meant, -1 when it
    has one.
    """

    argument: str
    place: int
    published: str
    tree: Tree
    result: int

    @property
    def own_tree(self) -> Tree:
        """The part of the expression that gives this argument's gradient."""
        if isinstance(self.tree, Braces) and self.result >= 0:
            return self.tree.items[self.result]
        return self.tree

    def picked(self, value: Any) -> Any:
        """This argument's gradient among all that the expression gives.

        Raises:
            NotKnown: when it gives none for this argument.
        """
        if isinstance(value, (list, tuple)):
            place = self.result if self.result >= 0 else self.place
            value = value[place] if place < len(value) else None
        if value is None:
            raise NotKnown("the formula gives no gradient for this input")
        return value

    @property
    def uses(self) -> frozenset[str]:
        """Names of the saved values that it mentions."""
        return frozenset(names_in(self.own_tree)) - frozenset(GRADIENTS)


@lru_cache(maxsize=1)
def derivatives() -> dict[str, Derivative]:
    """Node name -> entry of the installed torch's table; empty when it brings none."""
    path = table_path()
    return read_table(path) if path is not None else {}


def derivative_of(node: str) -> Derivative | None:
    """The entry of a node kind; None when this torch publishes none.

    A node of an operation that copies instead of making a view (``TBackward0_copy``) has the
    formula of the view.
    """
    bare = node.rpartition("::")[2].removesuffix("_copy")
    return derivatives().get(bare)


def in_words(node: str) -> str:
    """The rule of a node without a published formula, as words."""
    return IN_WORDS.get(node.rpartition("::")[2], NOT_PUBLISHED)


def formula_of_edge(node: str, edge: int, edges: int) -> EdgeFormula | None:
    """The formula of the gradient along edge ``edge`` of a node that has ``edges`` of them."""
    entry = derivative_of(node)
    if entry is None:
        return None
    argument, place = entry.input_of_edge(edge, edges)
    published = entry.formulas.get(argument)
    if published is None:
        return None
    try:
        tree = expand(read_formula(published))
    except NotAFormula:
        return None
    return EdgeFormula(argument, place, published, tree, entry.places.get(argument, -1))


def node_values(
    node: str,
    grads: tuple[Tensor | None, ...],
    saved: dict[str, Any],
    sizes: dict[tuple[str, int], Any],
) -> NodeValues:
    """Everything a formula of this node may mention.

    ``grads`` are the gradients of its outputs, ``saved`` what the node saved by name, ``sizes``
    the shapes of its inputs by argument and place.
    """
    entry = derivative_of(node)
    values: dict[str, Any] = {**saved, "grads": list(grads), "retain_variables": True}
    values["grad"] = next((grad for grad in grads if grad is not None), None)
    if entry is not None:
        for name, grad in zip(entry.outputs, grads, strict=False):
            if name:
                values[f"grad_{name}"] = grad
        values["grad_input_mask"] = [True] * len(set(entry.places) or {0})
    return NodeValues(values, sizes)


def gradient_along(formula: EdgeFormula, known: NodeValues, like: Tensor) -> Tensor:
    """What the formula gives, in the shape and dtype of ``like``, the recorded gradient.

    Raises:
        NotKnown: when something that the formula needs was not saved or cannot be called.
    """
    with torch.no_grad():
        value = formula.picked(evaluate(formula.own_tree, known))
        return _as_engine_leaves_it(value, like)


def _as_engine_leaves_it(value: Any, like: Tensor) -> Tensor:
    """Summed over broadcast dimensions and cast, as the engine does with every gradient."""
    gradient = value if isinstance(value, Tensor) else torch.tensor(value, dtype=like.dtype)
    if gradient.is_complex() and not like.is_complex():
        gradient = gradient.real
    if gradient.shape != like.shape:
        if gradient.dim() < like.dim() or gradient.numel() < like.numel():
            gradient = gradient.expand(like.shape)
        else:
            gradient = gradient.sum_to_size(like.shape)
    return gradient.to(like.dtype)
