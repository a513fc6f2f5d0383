"""Lets the server answer requests about autograd; what answers is imported when first asked."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.worker.passes import Passes
    from explorer.worker.recorder import Recorder
    from explorer.worker.server import Server

ABOUT_GRAPHS = ("read_graph", "read_node", "read_formula_cell", "read_passes")
ABOUT_CELLS = ("read_sensitivity", "read_flow")


class Later:
    """Something that answers, made with the first request."""

    def __init__(self, module: str, name: str, *parts: Any) -> None:
        self._place = (module, name)
        self._parts = parts
        self._made: Any = None
        self._lock = threading.Lock()

    def answer(self, function: str, request: Any) -> Any:
        """Let the function of this name answer."""
        with self._lock:
            if self._made is None:
                module, name = self._place
                found = importlib.import_module(f"explorer.worker.{module}")
                self._made = getattr(found, name)(*self._parts)
            return getattr(self._made, function)(request)


def offer_autograd(server: Server, recorder: Recorder, passes: Passes) -> None:
    """Offer all of it."""
    graphs = Later("autograd_answers", "AutogradAnswers", recorder, passes)
    cells = Later("sensitivity_answers", "SensitivityAnswers", recorder, passes.graph)
    for name in ABOUT_GRAPHS:
        server.answer(name, _handler(graphs, name), slow=True)
    for name in ABOUT_CELLS:
        server.answer(name, _handler(cells, name), slow=True)


def _handler(later: Later, name: str) -> Any:
    return lambda request: later.answer(name, request)
