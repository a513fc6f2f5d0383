"""The hands and eyes of the proofs, on a display of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from proof.display import Display

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
SOCKETS = Path("/tmp/.X11-unix")
HELLO = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)  # X11's first words, with no password


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("Xvfb and xdotool")
    monkeypatch.syspath_prepend(str(PACKAGING))
    from proof.display import Display

    with Display(SOCKETS) as shown:
        yield shown


def _client(display: Display) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(str(SOCKETS / f"X{display.name[1:]}"))
    client.sendall(HELLO)
    return client


def test_a_program_that_connects_as_the_last_other_leaves_is_let_in(display: Display) -> None:
    """A server that is kept waiting, as on a busy machine, learns of both at once."""
    server = display._server
    assert server is not None
    for _ in range(5):
        last = _client(display)
        assert last.recv(1) == b"\1"
        server.send_signal(signal.SIGSTOP)
        try:
            last.close()
            next_one = _client(display)
        finally:
            server.send_signal(signal.SIGCONT)
        with next_one:
            assert next_one.recv(1) == b"\1"


def test_a_program_that_ends_is_not_waited_for(display: Display) -> None:
    program = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], env=dict(os.environ))
    began = time.monotonic()
    with pytest.raises(SystemExit, match="ended with 3 without a window"):
        display.wait_for_window("Nobody", program, seconds=60)
    assert time.monotonic() - began < 30
