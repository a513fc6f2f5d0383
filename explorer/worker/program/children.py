"""Says that processes which the program starts run unrecorded."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from explorer.worker.program.stand_ins import call_before

UNRECORDED = (
    "The program starts a process of its own: what runs there is not recorded. Memory shared with "
    "it may change at any time."
)

_SPAWNING = ("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver")


def watch_children(
    note: Callable[[str], None], after: dict[str, Callable[[ModuleType], None]]
) -> None:
    """Call ``note`` with a sentence before every fork and every process of ``multiprocessing``.

    ``after`` takes what is to be called when a module has been imported.
    """

    def spawned(*_: Any) -> None:
        note(UNRECORDED)

    def stand_before(module: ModuleType) -> None:
        launch: Any = vars(module)["Popen"].__dict__.get("_launch")
        if isinstance(launch, FunctionType):
            call_before(launch, spawned)

    for name in _SPAWNING:
        if name in sys.modules:
            stand_before(sys.modules[name])
        else:
            after[name] = stand_before
    os.register_at_fork(before=spawned)
