"""The socket, and which function answers which message."""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from explorer.protocol import versions, wire
from explorer.protocol.message import BadMessage
from explorer.protocol.running import (
    CannotServe,
    Failed,
    Hello,
    ImportAhead,
    RunProgram,
    TorchReady,
)
from explorer.worker.memory.unnamed_files import SOCKET, apart
from explorer.worker.pool import Pool
from explorer.worker.program.ahead import import_ahead
from explorer.worker.program.unlisted import UnlistedThread

Handler = Callable[[Any], Any]


class Desk(Protocol):
    """Whoever answers requests in an order of its own."""

    def take(self, request: object, number: int) -> None:
        """Answer a request, in time."""

    def cancel(self, number: int) -> None:
        """Drop the work on a request."""


class Connection:
    """The socket to the window: whole messages out from any thread, whole messages in on one."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sending = threading.Lock()
        self._send_all, self._receive = connected.sendall, connected.recv

    def send(self, message: object, number: int = 0) -> None:
        """Send one message; when the window is gone, so is this process."""
        head, tail = wire.encode(message, number)
        try:
            with self._sending:
                self._send_all(head)
                if tail:
                    self._send_all(tail)
        except OSError:
            os._exit(0)

    def messages(self) -> Any:
        """Every message that arrives, with its number, until the window closes the socket."""
        decoder = wire.Decoder()
        while True:
            try:
                data = self._receive(1 << 20)
            except OSError:
                return
            if not data:
                return
            yield from decoder.feed(data)

    def close(self) -> None:
        """Drop the socket without a word (a forked child does)."""
        self._socket.close()


def function_name(message: object) -> str:
    """``ReadTile`` -> ``read_tile``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(message).__name__).lower()


class Server:
    """Answers requests on threads of its own; the main thread is left to the program."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._quick: dict[str, Handler] = {}
        self._slow: dict[str, Handler] = {}
        self._pool = Pool(2, "explorer answers")
        self._cancelled: set[int] = set()
        self.work: queue.SimpleQueue[tuple[RunProgram | ImportAhead, int]] = queue.SimpleQueue()
        """What is for the main thread to do."""
        self._desk: Desk | None = None
        self._on_desk: frozenset[str] = frozenset()
        self._new_desk: Callable[[Callable[[object, int], None]], Desk] | None = None
        self.answer("cancel", self._cancel)

    def answer(self, name: str, handler: Handler, slow: bool = False) -> None:
        """Let ``handler`` answer requests of this function name.

        A slow one runs in a pool of threads, so that others are not kept waiting. What it returns
        is the answer; None answers nothing. One that returns an iterator works in pieces: the
        last is the answer, and between two of them it can be cancelled. An exception becomes
        `Failed` with its text.
        """
        (self._slow if slow else self._quick)[name] = handler

    def hand_over(
        self, names: Iterable[str], new_desk: Callable[[Callable[[object, int], None]], Desk]
    ) -> None:
        """Let a desk answer requests of these function names in its own order.

        It is made, with the function that sends an answer, when the first of them comes.
        """
        self._on_desk, self._new_desk = frozenset(names), new_desk

    def _cancel(self, request: Any) -> None:
        self._cancelled.add(request.asked)
        if self._desk is not None:
            self._desk.cancel(request.asked)

    def listen(self) -> None:
        """Read requests until the window goes away; then this process ends."""
        for message, number in self._connection.messages():
            if isinstance(message, BadMessage):
                self._connection.send(Failed(str(message)), number)
            elif isinstance(message, (RunProgram, ImportAhead)):
                self.work.put((message, number))
            else:
                self._dispatch(message, number)
        os._exit(0)

    def next_run(self) -> tuple[RunProgram, int]:
        """Wait for a program to run, and import what is wanted for it meanwhile."""
        while True:
            request, number = self.work.get()
            if isinstance(request, RunProgram):
                return request, number
            import_ahead(request.modules)

    def _dispatch(self, message: object, number: int) -> None:
        name = function_name(message)
        if name in self._on_desk and self._new_desk is not None:
            self._desk = self._desk or self._new_desk(self._connection.send)
            self._desk.take(message, number)
        elif name in self._quick:
            self._answered(self._quick[name], message, number)
        elif name in self._slow:
            self._pool.submit(self._answered, self._slow[name], message, number)
        else:
            sentence = f"This worker has no answer to {type(message).__name__}."
            self._connection.send(Failed(sentence, "refused"), number)

    def _answered(self, handler: Handler, message: object, number: int) -> None:
        if number in self._cancelled:
            self._cancelled.discard(number)
            return
        try:
            answer = handler(message)
            if isinstance(answer, Iterator):
                answer = self._last_of(answer, number)
        except Exception as err:
            answer = Failed(str(err) or type(err).__name__, getattr(err, "reason", ""))
        if answer is not None:
            self._connection.send(answer, number)

    def _last_of(self, pieces: Iterator[Any], number: int) -> Any:
        """The answer of a handler that works in pieces; None when it was cancelled."""
        answer = None
        for answer in pieces:  # noqa: B007 (its last value is the answer)
            if number in self._cancelled:
                self._cancelled.discard(number)
                return None
        return answer


def serve(port: int, token: str) -> None:
    """Connect, import torch, then run what the window asks for; returns never."""
    if hasattr(os, "setsid"):
        with contextlib.suppress(PermissionError):
            os.setsid()  # so that the window can end this process with all its children
    connected = socket.create_connection(("127.0.0.1", port))
    connection = Connection(socket.socket(fileno=apart(connected.detach(), SOCKET)))
    connection.send(
        Hello(token, wire.PROTOCOL, os.getpid(), sys.version.split()[0], sys.executable)
    )
    server = Server(connection)
    gc.disable()  # hundreds of thousands of objects come, and none is garbage
    try:
        started = time.perf_counter()
        import numpy
        import torch
    except ImportError as err:
        connection.send(CannotServe(f"{sys.executable} cannot import what is needed: {err}."))
        raise SystemExit(1) from err
    if versions.numbers(str(torch.__version__)) < versions.OLDEST_TORCH:
        oldest = ".".join(map(str, versions.OLDEST_TORCH))
        found = f"{sys.executable} has torch {torch.__version__}"
        connection.send(CannotServe(f"{found}; {oldest} or newer is needed."))
        raise SystemExit(1)
    from explorer.worker.program.hiding import hide_own_modules
    from explorer.worker.session import Session

    session = Session(connection, server)
    gc.enable()
    UnlistedThread(target=server.listen, name="explorer listener").start()
    seconds = time.perf_counter() - started
    connection.send(TorchReady(str(torch.__version__), str(numpy.__version__), seconds))
    request, number = server.next_run()
    hidden = hide_own_modules()
    session.run(request, number)
    threading.Event().wait()
    hidden.clear()
