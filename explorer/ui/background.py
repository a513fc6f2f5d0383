"""Work that waits for something, away from the UI thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

ROUND_MS = 30


class Background(QObject):
    """Calls functions in threads of their own and hands back what they return.

    The threads end with the program, however long they wait; nothing is handed back once this
    object is gone.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._results: queue.SimpleQueue[tuple[Callable[[Any], None], Any]] = queue.SimpleQueue()
        self._open = 0
        self._timer = QTimer(self, interval=ROUND_MS)
        self._timer.timeout.connect(self._deliver)

    def run(self, function: Callable[[], Any], on_result: Callable[[Any], None]) -> None:
        """Call ``function`` elsewhere and ``on_result`` here with what it returned.

        An exception is handed back as the result.
        """
        results = self._results

        def work() -> None:
            try:
                result: Any = function()
            except Exception as err:
                result = err
            results.put((on_result, result))

        self._open += 1
        self._timer.start()
        threading.Thread(target=work, name="background", daemon=True).start()

    def _deliver(self) -> None:
        while not self._results.empty():
            on_result, result = self._results.get()
            self._open -= 1
            on_result(result)
        if not self._open:
            self._timer.stop()
