"""Processes that the program starts run unrecorded and unharmed, and that is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from explorer.cli.worker_client import WorkerClient
from explorer.protocol.recording import RecordingNoted
from explorer.protocol.running import OutputPrinted, ProgramEnded, RunProgram
from explorer.worker.program.children import UNRECORDED

PROGRAM = """
import multiprocessing

import torch


def double(queue, x):
    queue.put((x * 2).tolist())


if __name__ == "__main__":
    context = multiprocessing.get_context("{way}")
    queue = context.Queue()
    process = context.Process(target=double, args=(queue, torch.ones(2)))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
"""


@pytest.mark.parametrize("way", ["fork", "spawn", "forkserver"])
def test_a_child_works_and_is_told_of(way: str, tmp_path: Path) -> None:
    program = tmp_path / "children.py"
    program.write_text(PROGRAM.format(way=way))
    client = WorkerClient(sys.executable)
    try:
        client.ask(RunProgram(str(program)))
        printed, notes = "", []
        while not isinstance(news := client.news(), ProgramEnded):
            if isinstance(news, OutputPrinted):
                printed += news.text
            elif isinstance(news, RecordingNoted):
                notes.append(news.sentence)
    finally:
        client.close()
    assert printed == "[2.0, 2.0]\n0\n"
    assert notes.count(UNRECORDED) == 1
