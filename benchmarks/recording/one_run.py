"""Runs one program once in this process, in one way, and prints the CPU seconds that it took.

``python one_run.py WAY PROGRAM`` with one of:

- ``plain``: as Python runs it;
- ``statements``: recorded, every statement with all values;
- ``nodes``: the same, and every node of the first three backward passes of each statement that
  calls one, which is what the program does when nothing else is said;
- ``every``: the same, and every node of every backward pass;
- ``anomaly``: plain, inside torch's own anomaly mode.

The recorder is loaded as a worker loads it, so that its functions leave no trace on the program's
stack, which has its price. CPU time is that of all threads of this process from the first statement
to the end of the run: a recorded run sends its news through a socket to a process that reads and
drops them, as a window would read them, and that sending counts. What happens before the run
(importing torch, making the recorder) does not: a worker does it before Run is pressed.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NODE_PASSES = {"statements": 0, "nodes": 3, "every": 1 << 40}

DRAIN = """
import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
while connection.recv(1 << 20):
    pass
"""
"""A process that reads everything that the worker sends."""


def make_importable() -> None:
    """Let the recorder be imported as a worker imports it."""
    launcher = ROOT / "explorer" / "worker" / "launch.py"
    spec = spec_from_file_location("launch", launcher)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module._make_importable()


def plain(path: str) -> float:
    """CPU seconds of the program as plain Python runs it, compiling it included."""
    started = time.process_time()
    code = compile(Path(path).read_bytes(), path, "exec")
    exec(code, {"__name__": "__main__", "__file__": path})
    return time.process_time() - started


def anomaly(path: str) -> float:
    """The same inside torch's anomaly mode."""
    import torch

    with torch.autograd.set_detect_anomaly(True):
        return plain(path)


def recorded(path: str, node_passes: int) -> float:
    """CPU seconds of the whole run under the recorder, the sending of news included."""
    from explorer.protocol.running import RunProgram
    from explorer.worker.server import Connection, Server
    from explorer.worker.session import Session

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        reader = subprocess.Popen([sys.executable, "-c", DRAIN, port])
        peer, _ = listening.accept()
    connection = Connection(peer)
    session = Session(connection, Server(connection))
    started = time.process_time()
    session.run(RunProgram(path, own_input=True, node_passes=node_passes), 1)
    taken = time.process_time() - started
    reader.terminate()
    reader.wait()
    return taken


def main() -> None:
    """Measure once."""
    way, path = sys.argv[1:3]
    make_importable()
    import warnings

    import torch

    warnings.simplefilter("ignore")  # of anomaly mode, that it is slow
    torch.set_num_threads(1)
    leaf = torch.ones(2, requires_grad=True)
    leaf.sum().backward()
    torch.optim.SGD([leaf], 0.1).step()  # imports a second's worth of torch, which is start-up
    printed = sys.stdout
    if way in NODE_PASSES:
        seconds = recorded(path, NODE_PASSES[way])
    else:
        seconds = {"plain": plain, "anomaly": anomaly}[way](path)
    print(seconds, file=printed, flush=True)


if __name__ == "__main__":
    main()
