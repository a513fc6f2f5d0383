"""One worker: its process, its socket, and the one-time token that joins the two."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QProcess, QProcessEnvironment, QTimer, Signal
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

import explorer.protocol.messages  # noqa: F401  registers every message
from explorer.model.pieces import pieces_of
from explorer.protocol.message import BadMessage
from explorer.protocol.recording import StepsRecorded
from explorer.protocol.running import CannotServe, Hello, TorchReady
from explorer.protocol.start import command, environment, new_token
from explorer.protocol.wire import PROTOCOL, Decoder, encode
from explorer.ui.running.ends import how_it_ended

HELLO_SECONDS = 12
TORCH_SECONDS = 180
STEPS_AT_ONCE = 64
SLICE_MS = 5  # how long messages are decoded in one go, so that a frame is never missed
LAST_WORDS = 4000  # characters of the process's own stderr that are kept for its obituary


class WorkerProcess(QObject):
    """Starts at once; says `ready` when torch is imported, or `unfit` or `died` in one sentence.

    After `unfit` or `died` the object is of no more use.
    """

    ready = Signal()
    unfit = Signal(str)
    """This interpreter cannot serve; the sentence says why and what to do."""
    died = Signal(str)
    """The process is gone; the sentence says how."""
    news = Signal(object)
    answered = Signal(object, int)

    def __init__(self, python: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.python = python
        self.hello: Hello | None = None
        self.torch: TorchReady | None = None
        self._token = new_token()
        self._over = False
        self._closed = False
        self._last_words = ""
        self._decoder = Decoder()
        self._socket: QTcpSocket | None = None
        self._inbox: deque[Iterator[tuple[Any, int]]] = deque()
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._work_off)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._lose_patience)
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._take_connection)
        self._process = QProcess(self)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._process.readyReadStandardError.connect(self._hear_last_words)
        self._process.readyReadStandardOutput.connect(self._process.readAllStandardOutput)
        self._start()

    def _start(self) -> None:
        self._server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), 0)
        variables = environment(os.environ, self._server.serverPort(), self._token)
        given = QProcessEnvironment()
        for name, value in variables.items():
            given.insert(name, value)
        self._process.setProcessEnvironment(given)
        if os.name == "posix":
            # Its children are ended with its session; Stop's interrupts must not be ignored.
            how = QProcess.UnixProcessFlag
            flags = how.CreateNewSession | how.DisableCoreDumps | how.ResetSignalHandlers
            self._process.setUnixProcessParameters(flags)
        program, *arguments = command(self.python)
        self._patience.start(HELLO_SECONDS * 1000)
        self._process.start(program, arguments)

    @property
    def is_ready(self) -> bool:
        """Whether a program can run at once."""
        return self.torch is not None and not self._over

    @property
    def title(self) -> str:
        """``Python 3.11 · torch 2.13``; empty as long as it is not known."""
        if self.hello is None:
            return ""
        python = "Python " + ".".join(self.hello.python.split(".")[:2])
        if self.torch is None:
            return python
        return f"{python} · torch {'.'.join(self.torch.torch.split('+')[0].split('.')[:2])}"

    def send(self, message: object, number: int = 0) -> bool:
        """Send a message; False when the worker is not there to hear it."""
        if self._socket is None or self._over:
            return False
        for piece in encode(message, number):
            if piece:
                self._socket.write(piece)
        return True

    def kill(self) -> None:
        """End the process and all that it started, without a word more."""
        self._end_group()
        self._process.kill()

    def _end_group(self) -> None:
        """End the processes that the program started: the worker leads their group, and they
        may outlive it."""
        leader = self._process.processId() or (self.hello.process if self.hello else 0)
        if os.name == "posix" and leader:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(leader, signal.SIGKILL)

    def close(self) -> None:
        """End it for good: nothing is signalled any more, and the object deletes itself."""
        self._over = True
        self._patience.stop()
        self._later.stop()
        self._inbox.clear()
        self._server.close()
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self.deleteLater()
        elif not self._closed:
            self._process.finished.connect(self.deleteLater)
            self.kill()
        self._closed = True

    def wait_closed(self, milliseconds: int) -> None:
        """Wait until the process is gone; only for the end of the whole program."""
        self._process.waitForFinished(milliseconds)

    def _take_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            if self._socket is not None:
                socket.abort()
                continue
            self._socket = socket
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._read)

    def _read(self) -> None:
        if self._socket is None or self._over:
            return
        data = self._socket.readAll().data()
        if data:
            self._inbox.append(_in_pieces(self._decoder.feed(data)))
            if not self._later.isActive():  # else their turn has not come yet
                self._work_off()

    def has_said(self, kind: type) -> bool:
        """Whether a message of that kind has arrived, even if its turn has not come yet."""
        if self._socket is not None and not self._over:
            self._inbox.append(_in_pieces(self._decoder.feed(self._socket.readAll().data())))
        waiting: list[tuple[Any, int]] = []
        broken: list[BadMessage] = []
        try:
            for pieces in self._inbox:
                waiting.extend(pieces)
        except BadMessage as err:
            broken.append(err)
        self._inbox = deque([_and_then(waiting, broken)])
        self._later.start()
        return any(isinstance(message, kind) for message, _ in waiting)

    def _work_off(self) -> None:
        """Handle what has arrived for a few milliseconds, and the rest in the next turn."""
        clock = QElapsedTimer()
        clock.start()
        if self._over:
            self._inbox.clear()
        while self._inbox:
            try:
                arrived, number = next(self._inbox[0])
            except StopIteration:
                self._inbox.popleft()
                continue
            except BadMessage as err:
                self._give_up(str(err))
                return
            self._handle(arrived, number)
            if self._over:
                self._inbox.clear()
            if clock.elapsed() >= SLICE_MS:
                self._later.start()
                return

    def _handle(self, arrived: Any, number: int) -> None:
        if self.hello is None and not isinstance(arrived, CannotServe):
            self._greet(arrived)
        elif isinstance(arrived, CannotServe):
            self._give_up(arrived.sentence)
        elif isinstance(arrived, TorchReady):
            self.torch = arrived
            self._patience.stop()
            self.ready.emit()
        elif number:
            self.answered.emit(arrived, number)
        else:
            self.news.emit(arrived)

    def _greet(self, hello: Any) -> None:
        if not isinstance(hello, Hello) or hello.token != self._token:
            stranger, self._socket = self._socket, None  # the worker itself may still come
            if stranger is not None:
                stranger.abort()
            self._decoder = Decoder()
            self._inbox.clear()
        elif hello.protocol != PROTOCOL:
            self._give_up(
                f"{self.python} speaks version {hello.protocol} of the protocol, this window "
                f"version {PROTOCOL}; install the same version of Tensor Explorer for both."
            )
        else:
            self.hello = hello
            self._server.close()
            self._patience.start(TORCH_SECONDS * 1000)

    def _give_up(self, sentence: str) -> None:
        if not self._over:
            self._over = True
            self._patience.stop()
            self._server.close()
            self.kill()
            self.unfit.emit(sentence)

    def _lose_patience(self) -> None:
        if self.hello is None:
            self._give_up(
                f"{self.python} did not answer within {HELLO_SECONDS} seconds; "
                "choose another interpreter."
            )
        else:
            self._give_up(
                f"{self.python} did not finish importing torch within {TORCH_SECONDS} seconds; "
                "choose another interpreter."
            )

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            reason = "is a folder" if Path(self.python).is_dir() else "could not be started"
            if not Path(self.python).exists():
                reason = "is not there"
            self._give_up(f"{self.python} {reason}; choose another interpreter.")

    def _hear_last_words(self) -> None:
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._last_words = (self._last_words + said)[-LAST_WORDS:]

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._end_group()
        if self._over:
            return
        self._read()
        while self._inbox:  # what it still said, before its death is told
            self._work_off()
        self._tell_of_the_end(code, status)

    def _tell_of_the_end(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._over:
            return
        self._over = True
        self._patience.stop()
        self._server.close()
        how = how_it_ended(code, status)
        if self.torch is None:
            last = self._last_words.strip().rpartition("\n")[2]
            said = f" It said: {last}" if last else ""
            self.unfit.emit(
                f"{self.python} ended {how} before it was ready; "
                f"choose a Python of version 3.10 or newer with torch and numpy.{said}"
            )
        else:
            self.died.emit(f"The program's process ended {how}.")


def _and_then(
    messages: list[tuple[Any, int]], broken: list[BadMessage]
) -> Iterator[tuple[Any, int]]:
    """Messages, and then what made it impossible to read on."""
    yield from messages
    for err in broken:
        raise err


def _in_pieces(arrived: Iterator[tuple[Any, int]]) -> Iterator[tuple[Any, int]]:
    """The same messages; long batches of steps as several that are handled one by one."""
    for message, number in arrived:
        if isinstance(message, StepsRecorded):
            yield from ((piece, number) for piece in pieces_of(message, STEPS_AT_ONCE))
        else:
            yield message, number
