"""Joins all that happens into the one list of steps.

What others call:

- ``Recorder()`` makes ``statements`` (`Statements`), ``snapshots`` (`Snapshots`), ``kinds``
  (`CardKinds`), ``tensors`` (`Tensors`), ``frames`` (`Frames`), ``log`` (`Log`) and ``probes``.
- ``compile(source, path)``: code that reports here when it runs.
- ``follow_graph(graph)``: asks the graph for node ids and tells it of statements.
- ``tensor_id(tensor)``: the id of a tensor, recorded with the step that is running.
- ``frame_of_caller()``: frame id of the innermost recorded frame of this thread.
- ``node_ran(node, name, grads_in, grads_out, frame, leaf)``: a node of backward ran.
- ``failed(exception, caught, frame)``: the statement that raised becomes an error step.
- ``printed(stream, text)``, ``note(sentence)``; ``stop()``: the next probe raises
  KeyboardInterrupt.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import CodeType, FrameType
from typing import Any, Protocol

import torch

from explorer.worker.cards import CardKinds
from explorer.worker.program.doors import Doors
from explorer.worker.recording.failures import Failures
from explorer.worker.recording.frames import Frames
from explorer.worker.recording.log import Change, Log, NodeRan, Noted, PassEnded, Printed
from explorer.worker.recording.tensors import Tensors
from explorer.worker.rewrite.probes import SCALARS as SCALARS
from explorer.worker.rewrite.probes import Probes
from explorer.worker.snapshots import Snapshots
from explorer.worker.statements import Statements


class Graph(Protocol):
    """Who keeps the autograd graph; called under the log's lock."""

    def node_id(self, grad_fn: Any) -> int:
        """The id of a node."""
        ...

    def entered(self, caller: int) -> None:
        """A function of the program begins, called from frame ``caller``."""
        ...

    def statement_ended(self, frame: int, statement: int) -> None:
        """A statement of ``frame`` ends; it is about to be written down."""
        ...


class Recorder:
    """All steps of one run."""

    def __init__(self) -> None:
        self.statements = Statements()
        self.snapshots = Snapshots()
        self.kinds = CardKinds()
        self.log = Log()
        self.tensors = Tensors(self.snapshots, self.kinds)
        self.frames = Frames(self.log, self.tensors, self.statements.known)
        self.frames.note = self.note
        self.tensors.trouble = self.note_once
        self._noted: set[str] = set()
        self.enabled = True
        self.stopping = False
        self.change = Change()
        """What is noted now; it goes into the step that is written next."""
        self.graph: Graph | None = None
        self.doors = Doors(self.tensors, self.log.lock, self.statements.plain)
        self.failures = Failures(self)
        self.probes = Probes(self)
        self.doors.wrote_unasked = self.probes.wrote_unasked

    def compile(self, source: bytes | str, path: str, plain: CodeType | None = None) -> CodeType:
        """Code of a file that reports every statement here; ``plain`` is the code that plain
        Python made of it, when that is known.

        Raises:
            SyntaxError, ValueError: as compiling the plain source does.
        """
        code = self.statements.compile(source, path, self.probes.names_for(source), plain)
        if code not in self.statements.plain:
            self.note(f"{path} runs without being recorded: it is nested too deep to be followed.")
        return code

    def stop(self) -> None:
        """Let the next probe raise KeyboardInterrupt."""
        self.stopping = True

    def follow_graph(self, graph: Graph) -> None:
        """Tell ``graph`` of every function and statement, and ask it for node ids."""
        self.graph = graph
        self.tensors.node_id_of = graph.node_id

    def tensor_id(self, tensor: torch.Tensor) -> int:
        """The id of a tensor; one that is new is recorded with the step that is running."""
        with self.log.lock:
            return self.tensors.id_of(tensor, self.change)

    def printed(self, stream: str, text: str) -> None:
        """Text printed by the statement that is running."""
        self.log.event(Printed(stream, text))

    def note(self, sentence: str) -> None:
        """Something about the recording that the user should know."""
        self.log.event(Noted(sentence))

    def note_once(self, sentence: str) -> None:
        """The same, of something that may come up at every step."""
        if sentence not in self._noted:
            self._noted.add(sentence)
            self.note(sentence)

    def could_not_look(self, error: Exception) -> None:
        """Say that a step is not as exact as it should be."""
        self.note(f"A step could not be looked at: {type(error).__name__}: {error}")

    # Backward, errors, frames.

    def node_ran(
        self,
        node: int,
        name: str,
        grads_in: Sequence[torch.Tensor | None],
        grads_out: Sequence[torch.Tensor | None],
        frame: int,
        leaf: torch.Tensor | None = None,
    ) -> None:
        """A node of the graph ran during the statement that runs in ``frame``.

        ``leaf`` is, for AccumulateGrad, the tensor whose ``.grad`` it has just filled.
        """
        with self.log.lock:
            if not self.enabled or self.probes.busy:
                return
            ids: list[tuple[int, ...]] = []
            self.probes.look(self._look_at_node, grads_in, grads_out, leaf, ids)
            ids += [()] * (3 - len(ids))
            filled = ids[2][0] if ids[2] else 0
            start = self.log.write(self.change)
            self.log.event(NodeRan(frame, node, name, ids[0], ids[1], filled, start))

    def pass_ended(self, number: int, frame: int, began: int, recorded: bool) -> None:
        """A backward pass that the statement running in ``frame`` called is over."""
        if self.enabled:
            self.log.event(PassEnded(frame, number, began, recorded))

    def _look_at_node(
        self,
        grads_in: Sequence[torch.Tensor | None],
        grads_out: Sequence[torch.Tensor | None],
        leaf: torch.Tensor | None,
        ids: list[tuple[int, ...]],
    ) -> None:
        looked_at, change = self.tensors.looked_at, self.change
        for grads in (grads_in, grads_out):
            # The engine adds into a gradient in place between two nodes that are given it.
            found = (0 if one is None else looked_at(one, change) for one in grads)
            ids.append(tuple(found))
        if leaf is not None:
            number = self.tensors.id_of(leaf, self.change)
            self.tensors.refresh(number, leaf, self.change)
            grad = leaf.grad
            if grad is not None:  # it may be the one that was there before, with more in it
                looked_at(grad, change)
            ids.append((number,))

    def failed(self, error: BaseException, caught: bool, frame: FrameType | None = None) -> None:
        """The innermost recorded statement in the traceback of ``error`` raised it; ``frame`` has
        caught it."""
        self.failures.arrived(error, caught, frame)

    def frame_of_caller(self) -> int:
        """Frame id of the innermost recorded frame of this thread; 0 when there is none."""
        activation = self.frames.above(sys._getframe(1))
        return activation.id if activation else 0
