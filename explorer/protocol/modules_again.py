"""Which node of a graph each module ended with, had by running the program again."""

from __future__ import annotations

from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.message import message, part


@message
class ModulesAgain:
    """Request: what every module gave on the graph behind the tensor at ``place``.

    For a worker that has run no program, as `CheckGradient`. ``nodes`` are the names of all nodes
    behind the tensor, nearest first, by which the graph is known again. Answered by
    `ModulesGave`.
    """

    path: str
    arguments: tuple[str, ...]
    seed: int | None
    place: CheckedPlace
    nodes: tuple[str, ...]


@part
class ModuleKind:
    """A module that a name led to, and its class."""

    path: str
    kind: str


@part
class ModuleCall:
    """The ``call``-th call of a module ended with the node at ``node`` of the graph."""

    path: str
    call: int
    node: int


@message
class ModulesGave:
    """Answer to `ModulesAgain`: all modules, outer ones first, and those calls of them whose
    result is on the graph, in the order in which they ended."""

    modules: tuple[ModuleKind, ...]
    calls: tuple[ModuleCall, ...]
