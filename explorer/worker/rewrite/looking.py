"""What is looked at when a statement has run, or a function begins: tensors, names, containers."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch

from explorer.worker.quiet import (
    grad_enabled,
    in_the_way,
    out_of_reach,
    profiling,
    quiet,
    set_grad_enabled,
    skip_next,
    skips_next,
    unprofiled,
)
from explorer.worker.recording.frames import Activation
from explorer.worker.recording.names import all_names, looked_up, names_of, variables_of
from explorer.worker.rewrite import marks
from explorer.worker.rewrite.judging import Judging
from explorer.worker.rewrite.marks import Mark
from explorer.worker.rewrite.notices import NO_ROOM, STAND_INS
from explorer.worker.rewrite.reach import NOWHERE, Reach

if TYPE_CHECKING:
    from explorer.worker.recorder import Recorder

_nodes_made = torch._C._autograd._get_sequence_nr


class Looking:
    """Looks at what one recorder follows. Used under the log's lock."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._tensors = recorder.tensors
        self._frames = recorder.frames
        self._judging = Judging(recorder.statements, recorder.could_not_look)
        self._nodes = 0
        self._entered = False
        """Whether functions were entered whose callers' statements have not all ended."""
        self._inside = False
        """Whether a function was entered since tensors were last compared, as the statement that
        called it may have written before it called; or one that only reads has written."""
        self._no_room = False
        """Whether the stack's end kept a step from being looked at, and nobody was told yet."""
        self._profiled = False
        """Whether the program may use a profiler."""
        self.busy = False

    def wrote_unasked(self) -> None:
        """The statement that runs has written where its syntax tells of nothing."""
        self._inside = True

    def look(self, what: Callable[..., None], *arguments: Any) -> None:
        """Look at tensors, where that may be; whatever goes wrong stays in here."""
        if self.busy:
            return
        if out_of_reach():
            self._recorder.note_once(STAND_INS)
            return
        self.busy = True
        skipping = skips_next()
        if skipping:
            skip_next(False)
        try:
            if self._profiled and profiling():
                with quiet(), unprofiled():
                    what(*arguments)
            elif in_the_way():
                with quiet():
                    what(*arguments)
            elif grad_enabled():
                set_grad_enabled(False)
                try:
                    what(*arguments)
                finally:
                    set_grad_enabled(True)
            else:
                what(*arguments)
        except RecursionError:
            # No room left to say so: the next statement that has some looks at everything.
            self._no_room = self._inside = self._tensors.dirty = True
        except Exception as err:
            self._recorder.could_not_look(err)
        finally:
            self.busy = False
            if skipping:
                skip_next(True)

    def _look_at_entry(
        self, names: tuple[str, ...], values: tuple[Any, ...], frame: FrameType, home: Activation
    ) -> None:
        """Note the parameters of a function and the names it takes from functions around it, or
        what a module that is loaded again holds already."""
        change = self._recorder.change
        if frame.f_code.co_name == "<module>":
            self._frames.bind_all(home, all_names(frame).items(), change, -1)
        self._frames.bind_all(home, zip(names, values, strict=True), change, -1)
        outer = frame.f_code.co_freevars
        if outer:
            seen = all_names(frame)
            found = [(name, seen[name]) for name in outer if name in seen]
            self._frames.bind_all(home, found, change, -1)

    def _look_at_step(
        self, mark: Mark, values: tuple[Any, ...], frame: FrameType, activation: Activation
    ) -> None:
        frames, change, running = self._frames, self._recorder.change, activation.id
        graph = self._recorder.graph
        if graph is not None and (self._entered or _nodes_made() != self._nodes):
            graph.statement_ended(running, mark.id)
            self._nodes = _nodes_made()
            self._entered = self._entered and mark.scope != marks.MODULE
        unsure = self._inside or activation.filled != frames.filled or activation.fickle
        activation.seen = frames.count
        reach: Reach | None = NOWHERE
        if mark.writes or self._inside:
            reach = self._reach_of(mark, frame)
            if reach is None:
                self._compare_all(mark)
            elif reach.tensors:
                reach.fills |= self._tensors.are_new(reach.state)
                self._tensors.check_some(reach.tensors, change)
        fills = reach is None or reach.fills or mark.fills
        fills = fills and not self._judging.spares(mark, values, frame, reach)
        frames.filled += fills or bool(activation.cells and mark.names)
        if mark.names or mark.removed:
            self._note_names(mark, values, frame, activation)
        if mark.uncertain:
            frames.rebind_all(activation, all_names(frame), change)
            frames.forget_others(activation, names_of(frame), change)
        elif (unsure or fills) and (activation.roots or activation.cells):
            names = names_of(frame)
            frames.look_into_cells(activation, names, change)
            frames.look_into_containers(activation, names, change)
        activation.filled = frames.filled

    def _note_names(
        self, mark: Mark, values: tuple[Any, ...], frame: FrameType, activation: Activation
    ) -> None:
        """Note what a statement bound its names to, and which it unbound."""
        frames, change, running = self._frames, self._recorder.change, activation.id
        if mark.scope == marks.CLASS and mark.names:
            frames.bind_all(activation, looked_up(mark.names, frame), change, running)
        for name, in_module, value in zip(mark.names, mark.homes, values, strict=False):
            home = frames.modules.get(mark.file, activation) if in_module else activation
            frames.bind(home, name, value, change, running)
        for name in mark.removed:
            home = activation
            if mark.scope == marks.FUNCTION and name not in variables_of(frame.f_code):
                home = frames.modules.get(mark.file, activation)
            frames.bind(home, name, None, change, running)

    def _is_calm(self, caller: FrameType | None) -> bool:
        """Whether the statement of ``caller`` that runs has certainly written nothing so far."""
        if in_the_way() or out_of_reach() or skips_next():
            return False  # to ask a tensor anything would be noticed
        return self._judging.is_calm(caller)

    def _reach_of(self, mark: Mark, frame: FrameType) -> Reach | None:
        """Where a statement may have written; None when it may have been anywhere."""
        if self._inside or self._tensors.dirty:
            return None
        return self._judging.reach_of(mark, frame)

    def _compare_all(self, mark: Mark) -> None:
        """Compare every tensor that is alive."""
        self._tensors.dirty |= mark.thorough
        self._tensors.regraded |= mark.regrades
        self._tensors.check(self._recorder.change)
        self._inside = False
        if self._no_room:
            self._no_room = False
            self._recorder.note_once(NO_ROOM)
