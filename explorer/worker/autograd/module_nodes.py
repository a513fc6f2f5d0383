"""Tells what each module gave, and with which node: the program runs again, its modules watched.

Modules such as ReLU, Dropout or Sequential own no parameter by which the recording could know
them, and what nothing saves for backward is in no recording. To watch modules in the program
itself would slow it down and show in its tracebacks.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from types import FrameType
from typing import Any

import torch
from torch import nn

from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.modules_again import ModuleGave, ModuleKind, ModulesAgain, ModulesGave
from explorer.worker.autograd.module_outputs import Gave, gave_of, tensors_in
from explorer.worker.autograd.rerun import CannotRerun, Enough, Rerun, tensor_at
from explorer.worker.autograd.sensitivity import reachable
from explorer.worker.quiet import out_of_reach, quiet

MOST_MODULES = 4_000
MOST_GIVEN = 4_000
"""So many tensors are told, the last ones."""
GAVE = "given by modules as tensor explorer saw"
"""Under this a node notes what was given that ended with it. To hold nodes would keep graphs alive
that the program has let go."""


class _EveryStatement(Counter[int]):
    """Counts all statements, not only chosen ones."""

    def __contains__(self, statement: object) -> bool:
        return True


@dataclass
class _Gave:
    number: int
    call: int
    module: weakref.ref[nn.Module]
    gave: Gave
    node: int = -1
    behind: tuple[int, int] = (0, 0)
    """The statement that ended next, and how often it had by then."""


class ModuleWatch(Rerun):
    """Runs the program once, up to the statements behind which modules are looked at."""

    def __init__(self, request: ModulesAgain) -> None:
        super().__init__(request.path, request.arguments, request.seed, request.place)
        self._request = request
        self._end_at = self._mark(request.until).id
        self._numbers = itertools.count()
        self._on_graph: list[_Gave] = []
        self._gave: deque[_Gave] = deque(maxlen=MOST_GIVEN)
        self._new: deque[_Gave] = deque(maxlen=MOST_GIVEN)
        """Those behind which no statement has ended yet."""
        self._found: ModulesGave | None = None

    def modules(self) -> ModulesGave:
        """What the modules gave.

        Raises:
            CannotRerun: when the program came out differently, or raised before.
        """
        self._count = _EveryStatement()
        watch = nn.modules.module.register_module_forward_hook(self._ended)
        try:
            self.run()
        finally:
            watch.remove()
        if self._found is None:
            raise CannotRerun("Run again, the program did not come past the same statements.")
        return self._found

    def _ended(self, module: nn.Module, given: Any, result: Any) -> None:
        if torch.compiler.is_dynamo_compiling():
            return  # to look here would break the compiled code in two, and its node as well
        if self._count[self._move_at] < self._moved.times - 1:
            return  # what an earlier round has built is not asked for
        if out_of_reach():
            return
        call = next(self._numbers)
        for part, tensor in tensors_in(result):
            gave, node = gave_of(part, tensor)
            number = next(self._numbers)
            self._new.append(_Gave(number, call, weakref.ref(module), gave))
            if node is not None:
                node.metadata.setdefault(GAVE, []).append(number)

    def _passed(self, statement: int, frame: FrameType) -> None:
        self._count[statement] += 1
        while self._new:
            gave = self._new.popleft()
            gave.behind = statement, self._count[statement]
            self._gave.append(gave)
        if statement not in (self._move_at, self._end_at):
            return
        times = self._count[statement]
        with quiet():
            if statement == self._move_at and times == self._moved.times:
                self._look(frame)
            ends = self._count[self._end_at] >= self._request.until.times
            if ends and self._count[self._move_at] >= self._moved.times:
                self._found = self._answer(frame)
                raise Enough

    def _look(self, frame: FrameType) -> None:
        """Tell what is on the graph; what is given later does not push it out."""
        request = self._request
        if not request.nodes:
            return
        root = tensor_at(frame, request.place.name)
        nodes = reachable(root.grad_fn) if root.grad_fn is not None else []
        names = [node.name().rpartition("::")[2] for node in nodes]
        if names != [name.rpartition("::")[2] for name in request.nodes]:
            raise CannotRerun("Run again, the program built another graph than before.")
        given = {gave.number: gave for gave in self._gave}
        for place, node in enumerate(nodes):
            for number in node.metadata.get(GAVE, ()):
                if number in given:
                    given[number].node = place
        self._on_graph = [gave for gave in given.values() if gave.node >= 0]
        aside = (gave for gave in given.values() if gave.node < 0)
        self._gave = deque(aside, maxlen=MOST_GIVEN)

    def _answer(self, frame: FrameType) -> ModulesGave:
        modules = _modules_of({**frame.f_globals, **frame.f_locals})
        path_of = {id(module): path for path, module in reversed(modules.items())}
        told = []
        for found in (self._on_graph, self._gave):
            calls = defaultdict[str, set[int]](set)
            for gave in found:
                path = path_of.get(id(gave.module()))
                if path is not None:
                    calls[path].add(gave.call)
                    told.append(self._given(path, len(calls[path]), gave))
        kinds = [ModuleKind(path, type(module).__name__) for path, module in modules.items()]
        return ModulesGave(tuple(kinds), tuple(told))

    def _given(self, path: str, call: int, one: _Gave) -> ModuleGave:
        statement, times = one.behind
        mark, gave = self._statements.mark_of(statement), one.gave
        behind = CheckedPlace(mark.line, mark.end_line, mark.code, times, "")
        return ModuleGave(
            path, call, gave.part, one.node, gave.slot, gave.output, gave.brief, behind
        )


def _modules_of(names: dict[str, Any]) -> dict[str, nn.Module]:
    """Every module that a name leads to, by its path."""
    found: dict[str, nn.Module] = {}
    for name, value in names.items():
        if isinstance(value, nn.Module):
            for inner, module in value.named_modules():
                if len(found) >= MOST_MODULES:
                    return found
                found.setdefault(f"{name}.{inner}" if inner else name, module)
    return found


class ModuleWatches:
    """One at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    def modules_again(self, request: ModulesAgain) -> ModulesGave:
        """Answer `ModulesAgain`.

        Raises:
            CannotRerun: when the program cannot be run again, or built another graph.
        """
        with self._one_at_a_time:
            return ModuleWatch(request).modules()
