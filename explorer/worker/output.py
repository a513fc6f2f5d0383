"""Standard output, error and input of the program: real text streams that also tell the window."""

from __future__ import annotations

import codecs
import io
import os
import queue
from collections.abc import Callable
from typing import Any, TextIO

Told = Callable[[str, str], None]
"""Called with the name of a stream and with text that was printed there."""


class TellingRaw(io.RawIOBase):
    """A raw stream that hands its bytes on as text, and to the process's own stream as well when
    ``copy`` is set."""

    def __init__(self, stream: str, plain: TextIO, tell: Told, copy: bool) -> None:
        self._stream = stream
        self._descriptor = plain.fileno()
        self._tell = tell
        self._copy = copy
        self._text = codecs.getincrementaldecoder(plain.encoding)("replace")
        self.mode = "wb"
        self.name = f"<{stream}>"

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The process's own descriptor; what C code prints there is not seen here."""
        return self._descriptor

    def isatty(self) -> bool:
        """Whether the process's own stream is a terminal."""
        return os.isatty(self._descriptor)

    def write(self, data: Any) -> int:
        """Hand bytes on."""
        given = bytes(data)
        text = self._text.decode(given)
        if text:
            self._tell(self._stream, text)
        sent = 0
        while self._copy and sent < len(given):
            sent += os.write(self._descriptor, given[sent:])
        return len(given)

    def on_its_own(self) -> None:
        """In a forked child: print to the process's own stream and tell nobody."""
        self._tell, self._copy = (lambda stream, text: None), True


class PromptWriter(io.BufferedWriter):
    """A buffer that hands everything on at once, under the name of Python's own."""

    __module__ = io.BufferedWriter.__module__

    def write(self, data: Any, /) -> int:
        """Hand bytes on."""
        count = super().write(data)
        self.flush()
        return count


PromptWriter.__name__ = PromptWriter.__qualname__ = io.BufferedWriter.__name__


def telling(raw: TellingRaw, plain: TextIO) -> io.TextIOWrapper:
    """A text stream like ``plain`` over a raw stream that tells.

    It says of itself that it buffers what ``plain`` buffers, but what is printed is told at once:
    it belongs to the statement that printed it.
    """
    wrapper = io.TextIOWrapper(
        PromptWriter(raw),
        encoding=plain.encoding,
        errors=plain.errors,
        newline="\n",
        line_buffering=bool(plain.line_buffering),
        write_through=getattr(plain, "write_through", False),
    )
    wrapper._CHUNK_SIZE = 1  # type: ignore[attr-defined]
    wrapper.mode = "w"  # type: ignore[misc]
    return wrapper


class AskingRaw(io.RawIOBase):
    """A raw stream that asks for a line whenever the program wants to read one."""

    def __init__(self, descriptor: int, ask: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._ask = ask
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest = b""
        self.mode = "rb"
        self.name = "<stdin>"

    def readable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The process's own descriptor."""
        return self._descriptor

    def give(self, text: str) -> None:
        """A line that the user typed; empty text ends the file."""
        self._lines.put(text.encode("utf-8", "surrogateescape"))

    def readinto(self, buffer: Any) -> int:
        """Wait for the next line and hand out as much of it as fits."""
        if not self._rest:
            self._ask()
            while not self._rest:
                try:
                    # A bounded wait, so that the main thread notices when it is interrupted.
                    self._rest = self._lines.get(timeout=0.1)
                    break
                except queue.Empty:
                    continue
        count = min(len(self._rest), len(buffer))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
