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
class ModuleGave:
    """A tensor that a call of a module gave; ``call`` counts from 1, apart for those on the graph
    and the others.

    ``part`` tells which it is of what the call gave, such as ``[1][0]`` or ``['last']``; empty when
    that is a tensor itself. ``node`` is the place in the graph of the node that it ended with, -1
    when it is not on the graph, and ``slot`` which output of that node it is. ``output`` and
    ``brief`` are of the tensor as it was when the call ended. ``behind`` is the statement of the
    program's file that ended next, and names no tensor.
    """

    path: str
    call: int
    part: str
    node: int
    slot: int
    output: NodeOutput
    brief: Brief
    behind: CheckedPlace


@message
class ModulesGave:
    """Answer to `ModulesAgain`: all modules, outer ones first, and what their calls gave, in the
    order in which they ended; of very many the last."""

    modules: tuple[ModuleKind, ...]
    gave: tuple[ModuleGave, ...]
