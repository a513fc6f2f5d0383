"""Gradient in and out of every node of every backward pass that is wanted.

A hook on each node reports what went in and what came out, in the order in which nodes ran; all
hooks are gone when the pass is over. A gradient is handed on as the tensor that autograd itself
passes: whoever keeps it takes a snapshot and lets it go, or autograd could no longer add into it
in place.
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field
from functools import partial
from threading import get_ident
from typing import Any, Protocol

import torch
from torch import Tensor

from explorer.worker.autograd.backward_door import BackwardDoor
from explorer.worker.autograd.hook_numbers import numbered_apart
from explorer.worker.autograd.node_table import LEAF, ROW
from explorer.worker.autograd.saved import SavedState, saved_tensors
from explorer.worker.cards import PLAIN
from explorer.worker.graph import GraphRecorder
from explorer.worker.program.collector import collector_at_rest
from explorer.worker.quiet import (
    grad_enabled,
    in_the_way,
    out_of_reach,
    quiet,
    set_grad_enabled,
)

MOST_HOOKED = 400_000

Grads = tuple[Tensor | None, ...]


@dataclass
class BackwardPass:
    """One call into the engine.

    ``roots`` are the nodes it started from. ``nodes`` are those that ran, in order, when the
    pass was recorded; ``began`` and ``ended`` the clock. ``retains`` is true when saved tensors
    survive it, ``accumulates`` when it fills ``.grad``. ``inputs`` are the nodes of the tensors
    that gradients were asked for, None when all leaves are meant.
    """

    number: int
    roots: tuple[int, ...]
    inputs: tuple[int, ...] | None
    retains: bool
    creates_graph: bool
    accumulates: bool
    thread: int
    began: int
    inside: bool = False
    """Whether it was called by a node of a pass that is recorded."""
    recorded: bool = False
    frame: int = 0
    """Frame id of the function of the program that called it; for the sink to fill in."""
    ended: int = -1
    nodes: array[int] = field(default_factory=lambda: array("q"))
    error: str = ""
    overwritten: tuple[tuple[int, str], ...] = ()
    """When it failed because of that: nodes and arguments that were overwritten in place."""
    trouble: str = ""
    """What went wrong while looking, not in the program."""


class PassSink(Protocol):
    """Who is told of passes. Called on the thread that runs the node, gradients off."""

    def wants(self, begun: BackwardPass) -> bool:
        """Whether every node of a pass that has just begun is to be recorded."""
        ...

    def node_ran(
        self, during: BackwardPass, node: int, name: str, grads_in: Grads, grads_out: Grads
    ) -> None:
        """A node got ``grads_in``, one for each of its outputs, and gave ``grads_out``."""
        ...

    def accumulating(self, during: BackwardPass, leaf: Tensor) -> None:
        """A gradient is about to be added to ``leaf.grad``."""
        ...

    def accumulated(
        self, during: BackwardPass, node: int, leaf: Tensor, added: Tensor | None
    ) -> None:
        """``added`` was added to ``leaf.grad``."""
        ...

    def pass_ended(self, ended: BackwardPass, error: BaseException | None) -> None:
        """A pass is over."""
        ...


class BackwardRecorder:
    """Watches every backward pass of a run."""

    def __init__(self, graph: GraphRecorder, sink: PassSink) -> None:
        self.passes: list[BackwardPass] = []
        self.troubles: list[str] = []
        """What went wrong while looking, not in the program."""
        self._graph = graph
        self._sink = sink
        self._door = BackwardDoor(self._begin, self._end)
        self._running: dict[int, list[_Running]] = {}

    def install(self) -> None:
        """Begin to watch."""
        self._door.install()

    def remove(self) -> None:
        """Stop watching; passes that run end as they are."""
        self._door.remove()

    def _begin(self, outputs: Any, arguments: dict[str, Any]) -> _Running | None:
        if out_of_reach() or _is_compiled():
            return None
        graded = grad_enabled()
        try:
            if in_the_way() or not all(type(one) in PLAIN for one in _listed(outputs)):
                with quiet():
                    return self._look_at(outputs, arguments)
            set_grad_enabled(False)
            return self._look_at(outputs, arguments)
        except Exception as err:
            # Whatever is odd about these arguments, the engine itself must say it.
            self.troubles.append(f"A backward pass was not recorded: {type(err).__name__}: {err}")
            return None
        finally:
            set_grad_enabled(graded)

    def _look_at(self, outputs: Any, arguments: dict[str, Any]) -> _Running | None:
        roots = [root for root in map(_node_of, _listed(outputs)) if root is not None]
        inputs = arguments.get("inputs")
        wanted = [_gradient_node(one) for one in _listed(inputs)] if inputs else None
        graph = self._graph
        made = BackwardPass(
            number=len(self.passes) + 1,
            roots=tuple(map(graph.node_id, roots)),
            inputs=tuple(map(graph.node_id, wanted)) if wanted is not None else None,
            retains=bool(arguments.get("retain_graph")),
            creates_graph=bool(arguments.get("create_graph")),
            accumulates=bool(arguments.get("accumulate_grad")),
            thread=get_ident(),
            began=graph.now(),
        )
        stack = self._running.setdefault(made.thread, [])
        made.inside = bool(stack) and stack[-1].record.recorded
        made.recorded = self._sink.wants(made)
        self.passes.append(made)
        running = _Running(made, self._sink, self._running, roots)
        if made.recorded:
            with collector_at_rest():
                nodes = graph.live_nodes(roots, MOST_HOOKED)
                graph.read_details(nodes)
                if stack:
                    hooked = {number for other in stack for number in other.hooked}
                    nodes = [pair for pair in nodes if pair[0] not in hooked]
                running.hook(nodes, graph)
        stack.append(running)
        return running

    def _end(self, running: _Running | None, error: BaseException | None) -> None:
        if running is None:
            return
        if isinstance(error, RuntimeError) and "inplace operation" in str(error):
            with quiet():
                running.record.overwritten = self._overwritten(running.roots)
        running.unhook()
        stack = self._running.get(running.record.thread, [])
        if running in stack:
            stack.remove(running)
        if not stack:
            self._running.pop(running.record.thread, None)
        running.record.ended = self._graph.now()
        running.record.error = f"{type(error).__name__}: {error}" if error is not None else ""
        self._sink.pass_ended(running.record, error)

    def _overwritten(self, roots: list[Any]) -> tuple[tuple[int, str], ...]:
        return tuple(
            (number, saved.argument)
            for number, node in self._graph.live_nodes(roots, MOST_HOOKED)
            for saved in saved_tensors(node)
            if saved.state is SavedState.OVERWRITTEN
        )


class _Running:
    """A pass while it runs, with its hooks."""

    def __init__(
        self,
        record: BackwardPass,
        sink: PassSink,
        others: dict[int, list[_Running]],
        roots: list[Any],
    ) -> None:
        self.record = record
        self.hooked: set[int] = set()
        self._sink = sink
        self._others = others
        self._handles: list[Any] = []
        # Nothing else holds the AccumulateGrad of a leaf that backward is called on.
        self.roots = roots

    def hook(self, nodes: list[tuple[int, Any]], graph: GraphRecorder) -> None:
        """Put a hook behind each node, and one before each AccumulateGrad."""
        with numbered_apart():
            self._put(nodes, graph)
        self.hooked.update(number for number, _ in nodes)

    def _put(self, nodes: list[tuple[int, Any]], graph: GraphRecorder) -> None:
        rows, names, keep = graph.table.rows, graph.table.names, self._handles.append
        ran = self._ran
        for number, node in nodes:
            kind = rows[number * ROW]
            if kind & LEAF:
                leaf = node.variable
                keep(node.register_prehook(partial(self._accumulating, leaf)))
                keep(node.register_hook(partial(self._accumulated, number, leaf)))
            else:
                keep(node.register_hook(partial(ran, number, names[kind >> 2])))

    def unhook(self) -> None:
        """Take all hooks away."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self.roots.clear()

    def _ran(self, number: int, name: str, out: Grads, into: Grads) -> None:
        record = self.record
        if get_ident() == record.thread or self._is_mine():
            record.nodes.append(number)
            try:
                if record.creates_graph:
                    with torch.no_grad():
                        self._sink.node_ran(record, number, name, into, out)
                else:
                    self._sink.node_ran(record, number, name, into, out)
            except Exception as err:
                self._failed(err)

    def _accumulating(self, leaf: Tensor, into: Grads) -> None:
        if self._is_mine():
            try:
                with torch.no_grad():
                    self._sink.accumulating(self.record, leaf)
            except Exception as err:
                self._failed(err)

    def _accumulated(self, number: int, leaf: Tensor, out: Grads, into: Grads) -> None:
        if self._is_mine():
            self.record.nodes.append(number)
            try:
                with torch.no_grad():
                    self._sink.accumulated(self.record, number, leaf, into[0])
            except Exception as err:
                self._failed(err)

    def _is_mine(self) -> bool:
        """Whether this thread works for this pass, not for one that runs beside it."""
        passes = self._others.get(get_ident())
        return passes is None or self in passes

    def _failed(self, err: Exception) -> None:
        """What goes wrong while telling the sink stays out of the program."""
        self.record.trouble = f"{type(err).__name__}: {err}"


def _listed(values: Any) -> list[Any]:
    if values is None:
        return []
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _node_of(output: Any) -> Any:
    """The node that a pass starts from; for a leaf, the one that accumulates its gradient."""
    if isinstance(output, Tensor):
        return output.grad_fn if output.grad_fn is not None else _gradient_node(output)
    return getattr(output, "node", None)


def _gradient_node(one: Any) -> Any:
    if not isinstance(one, Tensor):
        return getattr(one, "node", None)
    if one.grad_fn is not None or not one.requires_grad:
        return one.grad_fn
    return torch.autograd.graph.get_gradient_edge(one).node


def _is_compiled() -> bool:
    """Whether torch is compiling: hooks would become part of its graph."""
    if torch.compiler.is_compiling():
        return True
    compiled = sys.modules.get("torch._dynamo.compiled_autograd")
    return bool(getattr(compiled, "compiled_autograd_enabled", False))
