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
import contextlib
import ctypes
import functools
import gc
import importlib
import importlib.machinery
import marshal
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

LAUNCHER = Path(__file__).resolve().parents[1] / "explorer" / "worker" / "launch.py"
WORKER = ".worker"
READY = ".ready"
"""What is put behind the address of a warm process for workers, and for one that is ready."""
PR_SET_PDEATHSIG = 1

STAND_IN = """#!{python} -ISE
import _signal, _socket, marshal, os, sys  # nothing that takes long to import
if sys.argv[1].startswith("-"):
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
server = _socket.socket(_socket.AF_UNIX)
worker = sys.argv[1] == {launcher!r} and "TENSOR_EXPLORER_SEEN" not in os.environ
server.connect({address!r} + ({worker!r} if worker else ""))
wish = marshal.dumps([sys.argv[1:], dict(os.environ), os.getcwd()])
streams = b"".join(stream.to_bytes(4, sys.byteorder) for stream in (0, 1, 2))
rights = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)
server.sendmsg([len(wish).to_bytes(4, "big")], [rights])
server.sendall(wish)
status = int.from_bytes(server.recv(4), "big")
if os.WIFSIGNALED(status):
    if os.WTERMSIG(status) != _signal.SIGKILL:
        _signal.signal(os.WTERMSIG(status), _signal.SIG_DFL)
    os.kill(os.getpid(), os.WTERMSIG(status))
os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
"""


class WarmPython:
    """Starts the warm process; ``executable`` stands in for ``python`` while it lives, ``ready``
    for one that has imported more."""

    def __init__(self, python: str = sys.executable) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="warm-python-")
        address = self._address = str(Path(self._folder.name) / "socket")
        self.executable = self._stand_in("python", python, address)
        self.ready = self._stand_in("python-ready", python, address + READY)
        self._process = subprocess.Popen([python, __file__, address], stdin=subprocess.DEVNULL)
        while not Path(address).exists():
            if self._process.poll() is not None:
                raise RuntimeError("The warm process could not be started.")
            time.sleep(0.02)

    def _stand_in(self, name: str, python: str, address: str) -> str:
        path = Path(self._folder.name) / name
        path.write_text(
            STAND_IN.format(python=python, address=address, launcher=str(LAUNCHER), worker=WORKER)
        )
        path.chmod(0o755)
        return str(path)

    def prepare(self, *, ready: bool) -> None:
        """Wait until all is imported of which the one executable or the other has need: no run is
        to wait for it, as a window does not wait long for a worker."""
        for kind in (READY, READY + WORKER) if ready else (WORKER,):
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(self._address + kind)
                server.shutdown(socket.SHUT_WR)
                server.recv(1)

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
    return _warm(ready=False).executable if sys.platform == "linux" else sys.executable


def ready_python() -> str:
    """The same, with what torch imports on the way imported ahead."""
    return _warm(ready=True).ready if sys.platform == "linux" else sys.executable


@functools.cache
def _warm(*, ready: bool) -> WarmPython:
    if not _shared:
        _shared.append(WarmPython())
    _shared[0].prepare(ready=ready)
    return _shared[0]


def end_warm_python() -> None:
    """End the shared one, when there is one."""
    _warm.cache_clear()
    while _shared:
        _shared.pop().close()


def _receive(client: socket.socket) -> tuple[Any, list[int]]:
    """What the stand-in was asked to run, and the three streams to run it with; no streams when
    it has gone away."""
    head, rights, _, _ = client.recvmsg(4, socket.CMSG_SPACE(3 * 4))
    streams = array.array("i")
    streams.frombytes(rights[0][2][: 3 * 4] if rights else b"")
    wish = b""
    while len(wish) < int.from_bytes(head, "big"):
        more = client.recv(1 << 16)
        if not more:
            _close(streams)
            return None, []
        wish += more
    return marshal.loads(wish) if wish else None, list(streams)


def _close(handles: Iterable[int]) -> None:
    for handle in handles:
        os.close(handle)


def _listening(address: str) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(64)
    return server


def _serve(address: str) -> Any:
    """Fork for every request; returns in the child that is to do the work, with the wish."""
    own = sys.path.pop(0)  # the folder of tests: no module of a library is to be found there
    importlib.import_module("torch")  # the reason for this process
    programs, workers = _listening(address + ".new"), _listening(address + WORKER)
    for_ready = [_listening(address + READY), _listening(address + READY + WORKER)]
    Path(address + ".new").rename(address)
    gc.freeze()
    if _is_second_server():
        programs.close()
        workers.close()
        programs, workers = for_ready
        select.select(for_ready, [], [])
        importlib.import_module("torch._dynamo")
        gc.freeze()
    else:
        for server in for_ready:
            server.close()
    if _is_second_server():
        programs.close()
        select.select([workers], [], [])
        _import_worker()
        sys.path.insert(0, own)
        return _fork_for_every(workers)
    workers.close()
    sys.path.insert(0, own)
    return _fork_for_every(programs)


def _is_second_server() -> bool:
    """Fork; true in the new process, which ends with this one."""
    if os.fork():
        return False
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return True


def _import_worker() -> None:
    """Import what a worker imports before it runs a program, as its launcher and `serve` do."""
    launcher: dict[str, Any] = {"__name__": "launch", "__file__": str(LAUNCHER)}
    exec(compile(LAUNCHER.read_bytes(), str(LAUNCHER), "exec", dont_inherit=True), launcher)
    finders = sys.meta_path[:]
    launcher["_make_importable"]()
    importlib.import_module("explorer.worker.program.depth")
    importlib.import_module("explorer.worker.server")
    gc.disable()
    importlib.import_module("explorer.worker.program.hiding")
    importlib.import_module("explorer.worker.session")
    gc.enable()
    sys.meta_path[:] = finders


def _fork_for_every(server: socket.socket) -> Any:
    """Fork for every request, tell its stand-in how the run ended, and end a run whose stand-in
    has gone away; returns in the child."""
    runs: dict[int, tuple[socket.socket, int]] = {}  # by what is readable when one has ended
    while True:
        watched: list[Any] = [server, *runs, *(client for client, _ in runs.values())]
        ready, _, _ = select.select(watched, [], [])
        for ended, (client, child) in list(runs.items()):
            if ended in ready or client in ready:
                del runs[ended]
                os.close(ended)
                _bury(client, child)
        if server not in ready:
            continue
        client, _ = server.accept()
        wish, streams = _receive(client)
        child = os.fork() if streams else -1
        if not child:
            for one in (server, client, *(other for other, _ in runs.values())):
                one.close()
            _close(runs)
            for place, stream in enumerate(streams):
                os.dup2(stream, place)
            _close(streams)
            return wish
        _close(streams)
        if not streams:
            client.close()
        else:
            runs[os.pidfd_open(child)] = (client, child)


def _bury(client: socket.socket, child: int) -> None:
    """Tell the stand-in how a run ended; a run that goes on has lost its stand-in."""
    gone, status = os.waitpid(child, os.WNOHANG)
    if not gone:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError), client:
        client.sendall(status.to_bytes(4, "big"))


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
