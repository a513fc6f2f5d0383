"""Which function answers each request about a recording."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from explorer.protocol.running import Failed
from explorer.protocol.types import ReadTypes, Types
from explorer.worker.devices import read_devices
from explorer.worker.evaluate import Evaluator
from explorer.worker.recording.curves import read_scalars
from explorer.worker.recording.digests import read_digests
from explorer.worker.values.desk import desk_over
from explorer.worker.values.element_types import read_types
from explorer.worker.values.layout_facts import read_writes
from explorer.worker.values.numbers import read_numbers

if TYPE_CHECKING:
    from explorer.worker.recorder import Recorder
    from explorer.worker.recording.news import News
    from explorer.worker.server import Server

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


def offer_all(
    server: Server, recorder: Recorder, news: News, program_ended: Callable[[], bool]
) -> None:
    """Let the server answer everything that can be asked about a recording."""
    snapshots = recorder.snapshots

    def types(request: ReadTypes) -> Types | Failed:
        if not program_ended():
            return Failed("The table of types is made when the program has ended.", "busy")
        return read_types(request)

    server.hand_over(ON_THE_DESK, partial(desk_over, snapshots))
    server.answer("read_numbers", partial(read_numbers, snapshots), slow=True)
    server.answer("read_writes", partial(read_writes, snapshots), slow=True)
    server.answer("read_digests", partial(read_digests, snapshots), slow=True)
    server.answer("read_types", types, slow=True)
    server.answer("read_devices", read_devices, slow=True)
    evaluator = Evaluator(recorder, news.values, program_ended)
    server.answer("evaluate", evaluator.evaluate, slow=True)
    server.answer("read_scalars", partial(read_scalars, news.values))
