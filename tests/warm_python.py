"""A Python that has imported torch once and is forked for every run: tests of many programs.

A fresh process needs two seconds for ``import torch``; a fork of one that has imported it, and has
not run a single operation, needs a tenth of one and starts from the same state. `WarmPython` gives
the path of an executable that takes the place of ``python`` on a command line: the script, its
arguments, environment, folder and the three streams are those of the caller, and so are the exit
code and the signal that ended it. Killing the executable kills the run.
"""

from __future__ import annotations

import array
import builtins
import functools
import gc
import importlib.machinery
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from types import TracebackType
from typing import Any

STAND_IN = """#!{python} -SE
import array, json, os, signal, socket, sys
if sys.argv[1].startswith("-"):
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
wish = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
streams = array.array("i", [0, 1, 2])
server.sendmsg([len(wish).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
server.sendall(wish)
status = int.from_bytes(server.recv(4), "big")
if os.WIFSIGNALED(status):
    if os.WTERMSIG(status) != signal.SIGKILL:
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
    os.kill(os.getpid(), os.WTERMSIG(status))
os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
"""


class WarmPython:
    """Starts the warm process; ``executable`` stands in for ``python`` while it lives."""

    def __init__(self, python: str = sys.executable) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="warm-python-")
        address = str(Path(self._folder.name) / "socket")
        self.executable = str(Path(self._folder.name) / "python")
        Path(self.executable).write_text(STAND_IN.format(python=python, address=address))
        Path(self.executable).chmod(0o755)
        self._process = subprocess.Popen([python, __file__, address], stdin=subprocess.DEVNULL)
        while not Path(address).exists():
            if self._process.poll() is not None:
                raise RuntimeError("The warm process could not be started.")
            time.sleep(0.02)

    def __enter__(self) -> WarmPython:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process."""
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()


_shared: list[WarmPython] = []


def warm_python() -> str:
    """The path of one that all tests of this process share; started when first asked for.

    Where forking is no way to begin a process, that of a Python that imports torch each time.
    """
    if sys.platform != "linux":
        return sys.executable
    if not _shared:
        _shared.append(WarmPython())
    return _shared[0].executable


def end_warm_python() -> None:
    """End the shared one, when there is one."""
    while _shared:
        _shared.pop().close()


def _receive(client: socket.socket) -> tuple[Any, list[int]]:
    """What the stand-in was asked to run, and the three streams to run it with."""
    head, rights, _, _ = client.recvmsg(4, socket.CMSG_SPACE(3 * 4))
    streams = array.array("i")
    streams.frombytes(rights[0][2][: 3 * 4])
    wish = b""
    while len(wish) < int.from_bytes(head, "big"):
        wish += client.recv(1 << 16)
    return json.loads(wish), list(streams)


def _supervise(client: socket.socket, child: int) -> None:
    """Tell the stand-in how the run ended; end the run when the stand-in goes away."""
    ended, status = 0, 0
    while not ended:
        gone, _, _ = select.select([client], [], [], 0.004)
        if gone:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        ended, status = os.waitpid(child, os.WNOHANG)
    client.sendall(status.to_bytes(4, "big"))


def _serve(address: str) -> Any:
    """Fork for every request; returns in the child that is to do the work, with the wish."""
    import torch  # noqa: F401  the reason for this process

    server = socket.socket(socket.AF_UNIX)
    server.bind(address + ".new")
    server.listen(64)
    Path(address + ".new").rename(address)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        client, _ = server.accept()
        if os.fork():
            client.close()
            continue
        server.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        wish, streams = _receive(client)
        child = os.fork()
        if child:
            for stream in streams:
                os.close(stream)
            _supervise(client, child)
            os._exit(0)
        client.close()
        for place, stream in enumerate(streams):
            os.dup2(stream, place)
            os.close(stream)
        return wish


def _become(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Run a script as the interpreter would when given these arguments."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[:] = arguments
    path = arguments[0]
    sys.path[0] = str(Path(path).resolve().parent)
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=path, __builtins__=builtins, __cached__=None, __annotations__={})
    main.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
    sys.modules["__main__"] = main
    failure: BaseException | None = None
    try:
        code = compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)
        work = functools.partial(exec, code, main.__dict__)
    except SyntaxError as error:
        failure = error
        work = functools.partial(sys.excepthook, type(error), error, None)
    for _ in range(2):  # the program, then what is called when it fails, on the same stack
        try:
            work()
            break
        except SystemExit:
            raise
        except BaseException as error:
            failure = error
        # Without the frame of this function, as the interpreter itself would print it.
        place = failure.__traceback__ and failure.__traceback__.tb_next
        failure = failure.with_traceback(place)
        work = functools.partial(sys.excepthook, type(failure), failure, place)
    if isinstance(failure, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    sys.exit(0 if failure is None else 1)


if __name__ == "__main__":
    _become(*_serve(sys.argv[1]))
