"""Modules that run when somebody first asks them for something, not when they are imported."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType

_lock = threading.RLock()
_runs: dict[str, Callable[[ModuleType], None]] = {}


class Later(ModuleType):
    """A module that is there by name only; ``_runs`` knows how to fill it."""

    def __getattr__(self, name: str) -> object:
        fill(self)
        return ModuleType.__getattribute__(self, name)


def fill(module: ModuleType) -> None:
    """Run a postponed module now, unless it has run or runs."""
    with _lock:
        run = _runs.pop(module.__dict__["_later"], None)
        if run is None:
            return
        try:
            run(module)
        except BaseException:
            _runs[module.__dict__["_later"]] = run
            raise
        module.__class__ = ModuleType


def postpone(module: ModuleType, run: Callable[[ModuleType], None]) -> None:
    """Let ``run`` fill a module when one of its names is first asked for."""
    key = module.__name__
    module.__dict__["_later"] = key
    _runs[key] = run
    module.__class__ = Later


def import_later(name: str) -> ModuleType | None:
    """Put a module of the standard library in its place; it runs when it is used.

    Returns:
        That module; None, and nothing is done, where it has been imported or cannot be found.
    """
    spec = None if name in sys.modules else PathFinder.find_spec(name)
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    postpone(module, spec.loader.exec_module)
    sys.modules[name] = module
    return module
