"""Threads that the program starts, which may write into tensors while others do.

A thread that torch or another library started for its own ends, or that only carries messages from
one process to another, writes into no tensor that the program writes into meanwhile.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from explorer.worker.program.stand_ins import builtin_like
from explorer.worker.program.unlisted import UnlistedThread

_OWN = "explorer"
_HAND_ON = {"threading", "_thread", "concurrent", "asyncio", "multiprocessing", _OWN}
"""Packages that start threads for whoever calls them."""
_BYSTANDERS = {"torch", "tqdm", "tensorboard", "wandb"}
_WRITING = "torch.nn.parallel"
_CARRIERS = {
    "multiprocessing.queues",
    "multiprocessing.resource_sharer",
    "logging.handlers",
    "subprocess",
}
"""Modules whose threads carry messages."""

Begin = Callable[[threading.Thread | None], None]


def starters(begins: Begin, failed: Begin) -> list[tuple[Any, str, Any]]:
    """(module, name, function): what is to stand for each function of Python that starts a thread.

    ``begins`` hears of every thread that may write, before it runs: of which object of `threading`
    it is, or None; ``failed`` hears of it again when it could not be started.
    """
    made: dict[int, Any] = {}
    found = []
    for module in (sys.modules["_thread"], sys.modules["threading"]):
        for name, plain in vars(module).items():
            if name.lstrip("_") in ("start_new_thread", "start_new", "start_joinable_thread"):
                if id(plain) not in made:
                    made[id(plain)] = builtin_like(plain, _telling(plain, begins, failed))
                found.append((module, name, made[id(plain)]))
    return found


def _telling(plain: Callable[..., Any], begins: Begin, failed: Begin) -> Callable[..., Any]:
    def start(*args: Any, **kwargs: Any) -> Any:
        home = getattr(args[0], "__self__", None) if args else None
        thread = home if isinstance(home, threading.Thread) else None
        told = _may_write(thread)
        if told:
            begins(thread)
        try:
            return plain(*args, **kwargs)
        except BaseException:
            if told:
                failed(thread)
            raise

    return start


def _may_write(thread: threading.Thread | None) -> bool:
    if type(thread) is UnlistedThread:
        return False
    runs: Any = type(thread).run if thread is not None else None
    if runs is threading.Thread.run:
        runs = getattr(thread, "_target", None)
    if getattr(runs, "__module__", None) in _CARRIERS:
        return False
    asked_by = _asked_by(sys._getframe(1))
    return asked_by.startswith(_WRITING) or asked_by.partition(".")[0] not in _BYSTANDERS


def _asked_by(frame: FrameType | None) -> str:
    """The module that wants the thread which is being started."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if not isinstance(module, str):
            return ""
        if module.partition(".")[0] not in _HAND_ON:
            return module
        frame = frame.f_back
    return ""
