"""A virtual screen whose pixels can be looked at while programs draw on it.

Xvfb keeps its picture in a file (``-fbdir``) in the format of xwd: a head of big-endian numbers,
the first of which is the head's length, then the colour table, then the pixels.
"""

from __future__ import annotations

import mmap
import os
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1280, 800
STRIDE = 8  # every eighth pixel of every eighth row is enough to see a window


class Screen:
    """An X server of its own, as long as the block lasts."""

    def __init__(self, number: int = 78) -> None:
        self.name = f":{number}"
        self._folder = tempfile.TemporaryDirectory(prefix="screen-")
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Screen:
        command = [
            "Xvfb", self.name, "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-ac",
            "-fbdir", self._folder.name,
        ]  # fmt: skip
        self._server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        socket = Path("/tmp/.X11-unix") / f"X{self.name[1:]}"
        while not socket.exists():
            if self._server.poll() is not None:
                raise SystemExit("Xvfb does not start")
            time.sleep(0.02)
        time.sleep(0.2)
        self._map()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=20)
        del self._pixels
        self._folder.cleanup()

    def _map(self) -> None:
        """Find the pixels behind the head: fields 0, 12 and 19 are its length, the bytes of a
        line, and the number of colours of 12 bytes each."""
        file = os.open(Path(self._folder.name) / "Xvfb_screen0", os.O_RDONLY)
        view = mmap.mmap(file, 0, prot=mmap.PROT_READ)
        os.close(file)
        fields = struct.unpack(">25I", view[:100])
        start, line, colours = fields[0], fields[12], fields[19]
        flat = np.frombuffer(view, np.uint32, offset=start + 12 * colours)
        self._pixels = flat[: line // 4 * HEIGHT].reshape(HEIGHT, line // 4)[:, :WIDTH]

    def sample(self) -> NDArray[np.uint32]:
        """What the screen shows now, thinned out."""
        return self._pixels[::STRIDE, ::STRIDE].copy()


def is_painted(sample: NDArray[np.uint32], empty: NDArray[np.uint32]) -> bool:
    """Whether a main window stands there, with something in it.

    It must cover a quarter of the screen (a splash picture covers less) and hold more than the
    colours of a blank one.
    """
    covered = np.count_nonzero(sample != empty) / sample.size
    return covered > 0.25 and len(np.unique(sample)) >= 8
