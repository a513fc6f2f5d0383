"""What each module gave, and with which node of a graph, had by running the program again."""

from __future__ import annotations

from explorer.protocol.autograd import NodeOutput
from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.message import message, part
from explorer.protocol.values import Brief


@message
class ModulesAgain:
    """Request: what every module gave until the program came past ``place`` and ``until``, since
    it came past ``place`` the time before.

    For a worker that has run no program, as `CheckGradient`. ``nodes`` are the names of all nodes
    behind the tensor at the place, nearest first, by which its graph is known again; without any,
    the place names no tensor and there is no graph. Answered by `ModulesGave`.
    """

    path: str
    arguments: tuple[str, ...]
    seed: int | None
    place: CheckedPlace
    nodes: tuple[str, ...]
    until: CheckedPlace


@part
class ModuleKind:
    """A module that a name led to, and its class."""

    path: str
    kind: str


@part
class ModuleCall:
    """One call of a module; ``call`` counts from 1, apart for those on the graph and the others.

    ``node`` is the place in the graph of the node that it ended with, -1 when what it gave is not
    on the graph. ``output`` and ``brief`` are of what it gave, as that was when it ended.
    ``behind`` is the statement of the program's file that ended next, and names no tensor.
    """

    path: str
    call: int
    node: int
    output: NodeOutput
    brief: Brief
    behind: CheckedPlace


@message
class ModulesGave:
    """Answer to `ModulesAgain`: all modules, outer ones first, and their calls, in the order in
    which they ended; of very many the last."""

    modules: tuple[ModuleKind, ...]
    calls: tuple[ModuleCall, ...]
