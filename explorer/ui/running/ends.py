"""How a process or a program ended, in one sentence."""

from __future__ import annotations

import signal

from PySide6.QtCore import QProcess

from explorer.protocol.running import ProgramEnded

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


def ending_sentence(end: ProgramEnded) -> str:
    """How a program ended, in one sentence."""
    took = f"{end.seconds:.1f} s" if end.seconds >= 0.1 else f"{end.seconds * 1000:.0f} ms"
    if end.how == "raised" and end.error is not None:
        first = end.error.message.split("\n", 1)[0]
        return f"{end.error.type} in line {end.error.line}: {first}".rstrip(": ")
    if end.how == "exited":
        return f"The program ended with sys.exit({end.code}) after {took}."
    if end.how == "stopped":
        return f"Stopped after {took}."
    return f"Finished in {took}."
