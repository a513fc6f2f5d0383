"""Real workers, and interpreters that are none: each bad one gets a sentence of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from explorer.protocol.message import message
from explorer.protocol.running import Devices, Hello, ReadDevices
from explorer.protocol.start import PORT, TOKEN
from explorer.protocol.wire import encode
from explorer.ui.running import worker_process
from explorer.ui.running.ends import how_it_ended
from explorer.ui.running.worker_process import WorkerProcess
from explorer.ui.running.workers import Workers

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    made = Workers(sys.executable)
    yield made
    made.close()


def script(folder: Path, text: str) -> str:
    """An executable that is started in the interpreter's place."""
    path = folder / "python"
    head = f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(REPOSITORY)!r})\n"
    path.write_text(head + text)
    path.chmod(0o755)
    return str(path)


def refusal(python: str, qtbot: QtBot, timeout: int = 20_000) -> str:
    worker = WorkerProcess(python)
    try:
        with qtbot.waitSignal(worker.unfit, timeout=timeout) as told:
            pass
        return str(told.args[0])
    finally:
        worker.close()
        worker.wait_closed(2000)


def test_a_worker_gets_ready_answers_and_goes(workers: Workers, qtbot: QtBot) -> None:
    workers.warm()
    qtbot.waitUntil(lambda: workers.is_ready, timeout=60_000)
    assert workers.title.startswith("Python 3.")
    assert "torch 2." in workers.title
    answers: list[object] = []
    assert workers.ask(ReadDevices(), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    assert isinstance(answers[0], Devices)
    assert answers[0].devices[0].name == "cpu"
    worker = workers.take()
    assert worker is not None
    assert not workers.is_ready
    process = worker.hello.process if worker.hello else 0
    os.kill(process, 9)
    with qtbot.waitSignal(worker.died, timeout=5000) as told:
        pass
    assert told.args[0].startswith("The program's process ended by signal SIGKILL")
    worker.close()


def test_interpreters_that_are_none(tmp_path: Path, qtbot: QtBot) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")
    for python, words in (
        (str(tmp_path / "gone"), "is not there"),
        (str(tmp_path), "is a folder"),
        (str(plain), "could not be started"),
        ("/bin/false", "ended with exit code 1 before it was ready"),
    ):
        sentence = refusal(python, qtbot)
        assert words in sentence
        assert python in sentence


def test_an_interpreter_that_hangs(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "HELLO_SECONDS", 1)
    assert "did not answer within 1 seconds" in refusal(
        script(tmp_path, "import time; time.sleep(60)"), qtbot
    )


SPEAK = f"""
import os, socket, time
from explorer.protocol.running import Hello
from explorer.protocol.wire import encode
link = socket.create_connection(("127.0.0.1", int(os.environ[{PORT!r}])))
hello = Hello(os.environ[{TOKEN!r}], %s, os.getpid(), "3.12.1", sys.executable)
for piece in encode(hello):
    link.sendall(piece)
%s
time.sleep(60)
"""


def test_a_worker_of_another_version(tmp_path: Path, qtbot: QtBot) -> None:
    sentence = refusal(script(tmp_path, SPEAK % (99, "")), qtbot)
    assert "speaks version 99 of the protocol, this window version" in sentence
    assert "install the same version" in sentence


def test_a_worker_that_speaks_nonsense(tmp_path: Path, qtbot: QtBot) -> None:
    worker = script(tmp_path, SPEAK % ("1", "link.sendall(b'GET / HTTP/1.1' * 20)"))
    assert "does not speak this program's protocol" in refusal(worker, qtbot)


def test_a_python_without_torch_is_told_how_to_get_it(tmp_path: Path, qtbot: QtBot) -> None:
    bare = script(
        tmp_path,
        f"import os\nos.execv({sys.executable!r}, [{sys.executable!r}, '-S', *sys.argv[1:]])",
    )
    workers = Workers(bare)
    workers.warm()
    qtbot.waitUntil(lambda: bool(workers.problem), timeout=30_000)
    assert "torch" in workers.problem
    assert workers.take() is None
    workers.close()


def test_another_token_does_not_get_in(workers: Workers, qtbot: QtBot) -> None:
    worker = WorkerProcess(sys.executable, workers)
    port = worker._server.serverPort()
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        for piece in encode(Hello("guessed", 1, 1, "3.11", "x")):
            stranger.sendall(piece)
        with qtbot.waitSignal(worker.ready, timeout=60_000):
            pass
        stranger.settimeout(5)
        assert stranger.recv(1) == b""
    assert worker.hello is not None
    assert worker.hello.process != 1


def test_closing_ends_the_process_and_its_children(tmp_path: Path, qtbot: QtBot) -> None:
    note = tmp_path / "pids"
    worker = WorkerProcess(script(tmp_path, WITH_CHILD.format(note=str(note))))
    qtbot.waitUntil(lambda: note.exists() and note.read_text().endswith("\n"))
    worker.close()
    worker.wait_closed(5000)
    numbers = [int(word) for word in note.read_text().split()]
    qtbot.waitUntil(lambda: not any(lives(number) for number in numbers))


def test_a_worker_hears_interrupts_though_the_window_ignores_them(
    tmp_path: Path, qtbot: QtBot
) -> None:
    """As when a shell has started the window in the background."""
    note = tmp_path / "note"
    text = f"import signal, time\nopen({str(note)!r}, 'w').write(repr(signal.getsignal(2)) + '.')\n"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        worker = WorkerProcess(script(tmp_path, text + "time.sleep(60)"))
        qtbot.waitUntil(lambda: note.exists() and note.read_text().endswith("."))
    finally:
        signal.signal(signal.SIGINT, before)
    assert "default_int_handler" in note.read_text()
    worker.close()
    worker.wait_closed(5000)


WITH_CHILD = """
import os, subprocess, time
child = subprocess.Popen(["sleep", "60"])
with open({note!r}, "w") as file:
    file.write(f"{{os.getpid()}} {{child.pid}}\\n")
time.sleep(60)
"""


def lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (3, QProcess.ExitStatus.NormalExit, "with exit code 3"),
        (11, QProcess.ExitStatus.CrashExit, "by signal SIGSEGV: it touched memory"),
        (9, QProcess.ExitStatus.CrashExit, "no memory left"),
        (10, QProcess.ExitStatus.CrashExit, "by signal SIGUSR1"),
        (250, QProcess.ExitStatus.CrashExit, "by a crash (code 0xfa)"),
    ],
)
def test_ends_in_words(code: int, status: QProcess.ExitStatus, words: str) -> None:
    assert words in how_it_ended(code, status)


def test_messages_of_unknown_kinds_are_passed_over(tmp_path: Path, qtbot: QtBot) -> None:
    @message
    class NeverHeardOf:
        """News that the window does not know."""

        text: str

    from explorer.protocol.message import MESSAGES

    head, tail = encode(NeverHeardOf("x"))
    del MESSAGES["NeverHeardOf"]
    ready = "from explorer.protocol.running import TorchReady\n"
    ready += f"link.sendall({head + tail!r})\n"
    ready += "for piece in encode(TorchReady('2.13', '2.4', 0.1)): link.sendall(piece)"
    worker = WorkerProcess(script(tmp_path, SPEAK % ("1", ready)))
    news: list[object] = []
    worker.news.connect(news.append)
    with qtbot.waitSignal(worker.ready, timeout=10_000):
        pass
    assert "unknown kind 'NeverHeardOf'" in str(news[0])
    worker.close()
    worker.wait_closed(2000)
