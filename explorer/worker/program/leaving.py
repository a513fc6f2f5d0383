"""Ways to end a process at once: what was recorded up to there is told before they are gone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

from explorer.worker.program.stand_ins import builtin_like
from explorer.worker.program.unlisted import UnlistedThread

LONGEST = 1.0
"""Seconds that leaving is held up at most: the program may be in the middle of being recorded."""

_exit, _abort, _kill = os._exit, os.abort, os.kill


def tell_before_leaving(tell: Callable[[], None]) -> None:
    """From now on ``os._exit``, ``os.abort`` and a signal that the process sends itself let
    ``tell`` come first. A forked child just goes."""
    own = os.getpid()

    def tell_quietly() -> None:
        with contextlib.suppress(Exception):  # nobody may be there to hear it
            tell()

    def say() -> None:
        if os.getpid() == own:
            telling = UnlistedThread(target=tell_quietly, name="explorer last words")
            telling.start()
            telling.join(LONGEST)

    def exit_(*given: Any, **named: Any) -> None:
        say()
        _exit(*given, **named)

    def abort() -> None:
        say()
        _abort()

    def kill(*given: Any, **named: Any) -> None:
        if own in (*given, *named.values()):
            say()
        _kill(*given, **named)

    stand_ins = {
        "_exit": builtin_like(_exit, exit_),
        "abort": builtin_like(_abort, abort),
        "kill": builtin_like(_kill, kill),
    }
    for module in (sys.modules["os"], sys.modules[os.name]):
        vars(module).update(stand_ins)
