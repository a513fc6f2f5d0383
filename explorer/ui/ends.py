"""How a process ended, in one sentence."""

from __future__ import annotations

import signal

from PySide6.QtCore import QProcess

_WHY = {
    "SIGSEGV": "it touched memory that is not its own",
    "SIGBUS": "it touched memory that is not there",
    "SIGABRT": "it gave up after an internal error",
    "SIGFPE": "it divided whole numbers by zero",
    "SIGILL": "it ran into an instruction that this processor does not know",
    "SIGKILL": "it was ended from outside, or the machine had no memory left",
    "SIGTERM": "it was asked to end from outside",
}


def how_it_ended(code: int, status: QProcess.ExitStatus) -> str:
    """``by signal SIGSEGV: it touched memory that is not its own`` or ``with exit code 3``."""
    if status != QProcess.ExitStatus.CrashExit:
        return f"with exit code {code}"
    try:
        name = signal.Signals(code).name
    except ValueError:
        return f"by a crash (code {code:#x})"
    why = _WHY.get(name)
    return f"by signal {name}: {why}" if why else f"by signal {name}"
