"""Tells which node each module ended with: the program runs again and its modules are watched.

Modules such as ReLU, Dropout or Sequential own no parameter by which the recording could know
them. To watch them in the program itself would slow it down and show in its tracebacks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn

from explorer.protocol.modules_again import ModuleCall, ModuleKind, ModulesAgain, ModulesGave
from explorer.worker.autograd.rerun import CannotRerun, Enough, Rerun, tensor_at
from explorer.worker.autograd.sensitivity import reachable

MOST_MODULES = 4_000


class ModuleWatch(Rerun):
    """Runs the program once, up to the statement behind which a graph is looked at."""

    def __init__(self, request: ModulesAgain) -> None:
        super().__init__(request.path, request.arguments, request.seed, request.place)
        self._request = request
        self._calls: list[tuple[nn.Module, Any]] = []
        self._found: ModulesGave | None = None

    def modules(self) -> ModulesGave:
        """What the modules gave.

        Raises:
            CannotRerun: when the program came out differently, or raised before.
        """
        self._count = {self._move_at: 0}
        watch = nn.modules.module.register_module_forward_hook(self._ended)
        try:
            self.run()
        finally:
            watch.remove()
        if self._found is None:
            raise CannotRerun("Run again, the program did not come past the same statements.")
        return self._found

    def _ended(self, module: nn.Module, given: Any, result: Any) -> None:
        tensor = _first_tensor(result)
        node = tensor.grad_fn if tensor is not None else None
        if node is not None:
            self._calls.append((module, node))

    def _passed(self, statement: int, frame: FrameType) -> None:
        self._count[statement] += 1
        if self._count[statement] == self._moved.times:
            self._found = self._look(frame)
            raise Enough
        # What an earlier round has built is not asked for, and would be kept alive.
        self._calls.clear()

    def _look(self, frame: FrameType) -> ModulesGave:
        request = self._request
        root = tensor_at(frame, request.place.name)
        nodes = reachable(root.grad_fn) if root.grad_fn is not None else []
        names = [node.name().rpartition("::")[2] for node in nodes]
        if names != [name.rpartition("::")[2] for name in request.nodes]:
            raise CannotRerun("Run again, the program built another graph than before.")
        row = {node: place for place, node in enumerate(nodes)}
        modules = _modules_of({**frame.f_globals, **frame.f_locals})
        path_of = {id(module): path for path, module in reversed(modules.items())}
        told, calls = [], Counter[str]()
        for module, node in self._calls:
            path = path_of.get(id(module))
            if path is not None and node in row:
                calls[path] += 1
                told.append(ModuleCall(path, calls[path], row[node]))
        kinds = [ModuleKind(path, type(module).__name__) for path, module in modules.items()]
        return ModulesGave(tuple(kinds), tuple(told))


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


def _first_tensor(result: Any) -> Tensor | None:
    """The tensor that a module gave, the first of several."""
    if isinstance(result, torch.Tensor):
        return result
    parts: Iterable[Any] = ()
    if isinstance(result, dict):
        parts = result.values()
    elif isinstance(result, (tuple, list)):
        parts = result
    for part in parts:
        tensor = _first_tensor(part)
        if tensor is not None:
            return tensor
    return None


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
