"""Which function of which module answers each request about a recording.

A module is imported when its first request comes, so that a worker starts without all of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from explorer.protocol.running import Failed

if TYPE_CHECKING:
    from explorer.worker.news import News
    from explorer.worker.recorder import Recorder
    from explorer.worker.server import Server

Handler = Callable[[Any], Any]

_BUSY = Failed("The table of types is made when the program has ended.", "busy")

ON_THE_DESK = (
    "read_tile",
    "read_shape",
    "read_summary",
    "read_statistics",
    "read_briefs",
    "read_cell_history",
    "find_number",
    "find_first_bad",
    "export_numbers",
)
"""Requests about numbers, which `desk.Desk` answers in order of urgency."""

OVER_SNAPSHOTS = {"read_numbers": "numbers", "read_writes": "layout_facts"}
"""Request -> module whose function takes (snapshots, request)."""


def offer_all(
    server: Server, recorder: Recorder, news: News, program_ended: Callable[[], bool]
) -> None:
    """Let the server answer everything that can be asked about a recording."""
    snapshots = recorder.snapshots
    server.hand_over(ON_THE_DESK, _later("desk", "desk_over", before=(snapshots,)))
    for request, module in OVER_SNAPSHOTS.items():
        server.answer(request, _later(module, request, before=(snapshots,)), slow=True)
    types = _later("types", "read_types")
    server.answer(
        "read_types", lambda request: types(request) if program_ended() else _BUSY, slow=True
    )
    server.answer("read_devices", _later("devices", "read_devices"), slow=True)
    server.answer("read_scalars", _later("curves", "read_scalars", before=(news.values,)))


def _later(module: str, function: str, before: tuple[Any, ...] = ()) -> Handler:
    def handler(request: Any) -> Any:
        found = importlib.import_module(f"explorer.worker.{module}")
        return getattr(found, function)(*before, request)

    return handler
