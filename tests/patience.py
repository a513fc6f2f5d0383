"""A qtbot that waits as long as it takes: no test fails because the machine is busy."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

PATIENCE_MS = 120_000
"""What is waited for comes at once on an idle machine; what comes later than this never does."""


class PatientBot(QtBot):
    """Whatever time a test gives for something to happen, it gets at least this."""

    def waitUntil(self, callback: Any, *, timeout: int = PATIENCE_MS) -> None:
        """Wait until the callback no longer raises or says false."""
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        """Wait for a signal at the end of the block; as long as is said for one that is not
        expected."""
        patience = 0 if more.get("raising") is False else PATIENCE_MS
        return super().waitSignal(signal, timeout=max(timeout, patience), **more)
