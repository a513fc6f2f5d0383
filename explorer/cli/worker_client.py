"""A worker on the command line: started, spoken to and ended without a window."""

from __future__ import annotations

import contextlib
import os
import queue
import selectors
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

from explorer.protocol.message import BadMessage
from explorer.protocol.running import CannotServe, Hello
from explorer.protocol.start import command, environment, new_token
from explorer.protocol.wire import PROTOCOL, Decoder, encode


class WorkerGone(Exception):
    """The worker could not be started or has died; the text says what happened."""


class WorkerClient:
    """One worker process and its socket.

    Raises:
        WorkerGone: from every method, when the process is not there or no longer answers.
    """

    def __init__(self, python: str, start_seconds: float = 120.0) -> None:
        self.printed_beside: list[str] = []
        """What reached the worker's stdout past Python, from native code or other processes."""
        self._number = 0
        self._news: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._answers: dict[int, Any] = {}
        token = new_token()
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            try:
                self.process = subprocess.Popen(
                    command(python),
                    env=environment(os.environ, port, token),
                    stdout=subprocess.PIPE,
                )
            except OSError as err:
                raise WorkerGone(f"{python} could not be started: {err.strerror}.") from err
            self._reader = threading.Thread(target=self._read_stdout, daemon=True)
            self._reader.start()
            self._socket = self._accept(server, start_seconds, python)
        self._decoder = Decoder()
        hello = self._take(timeout=start_seconds)
        if not isinstance(hello, Hello) or hello.token != token:
            raise WorkerGone("Something that is not the worker answered; please try again.")
        if hello.protocol != PROTOCOL:
            raise WorkerGone(
                f"The worker speaks version {hello.protocol} of the protocol, this program "
                f"version {PROTOCOL}; install the same version of Tensor Explorer for both."
            )

    def _accept(self, server: socket.socket, seconds: float, python: str) -> socket.socket:
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(server, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if selector.select(timeout=0.2):
                    return server.accept()[0]
                if self.process.poll() is not None:
                    raise WorkerGone(
                        f"{python} ended before it answered; is it a Python with torch and numpy?"
                    )
        self.process.kill()
        raise WorkerGone(f"{python} did not answer within {seconds:.0f} seconds.")

    def _receive(self) -> Iterator[tuple[Any, int]]:
        try:
            data = self._socket.recv(1 << 20)
        except OSError:
            data = b""
        if not data:
            raise WorkerGone(f"The program's process ended{_how(self.process)}.")
        for arrived, number in self._decoder.feed(data):
            if isinstance(arrived, CannotServe):
                raise WorkerGone(arrived.sentence)
            yield arrived, number

    def _read_stdout(self) -> None:
        assert self.process.stdout is not None
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            self.printed_beside.append(data.decode("utf-8", "replace"))

    def _take(self, timeout: float) -> Any:
        self._socket.settimeout(timeout)
        while self._news.empty():
            for arrived, number in self._receive():
                if isinstance(arrived, BadMessage):
                    raise WorkerGone(str(arrived))
                if number:
                    self._answers[number] = arrived
                else:
                    self._news.put(arrived)
        self._socket.settimeout(None)
        return self._news.get()

    def send(self, request: object) -> int:
        """Send a request; returns its number."""
        self._number += 1
        try:
            for piece in encode(request, self._number):
                self._socket.sendall(piece)
        except OSError as err:
            raise WorkerGone(f"The program's process ended{_how(self.process)}.") from err
        return self._number

    def ask(self, request: object) -> Any:
        """Send a request and wait for its answer; news that arrive meanwhile are kept."""
        number = self.send(request)
        kept: list[Any] = []
        while number not in self._answers:
            for arrived, of in self._receive():
                if of:
                    self._answers[of] = arrived
                else:
                    kept.append(arrived)
        for news in kept:
            self._news.put(news)
        return self._answers.pop(number)

    def news(self) -> Any:
        """Wait for the next piece of news."""
        return self._take(timeout=1e6)

    def _end_what_it_started(self) -> None:
        """End the processes that the program left behind; the worker leads their group."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the worker."""
        self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=0.2)  # it notices that the socket is closed
        self._end_what_it_started()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(timeout=2)
        if not self._reader.is_alive() and self.process.stdout is not None:
            self.process.stdout.close()


def _how(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return ""
    return f" by signal {-code}" if code < 0 else f" with exit code {code}"
