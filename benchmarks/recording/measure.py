"""Runs one program in this process, plainly or recorded, and prints the CPU seconds it took.

``python measure.py plain|recorded PROGRAM``; the recorded run sends its news through a socket to
a process that reads and drops them, as a window would read them.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


DRAIN = """
import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
while connection.recv(1 << 20):
    pass
"""
"""A process that reads everything that the worker sends."""


def plain(path: str) -> float:
    """CPU seconds of the program as plain Python runs it."""
    code = compile(Path(path).read_bytes(), path, "exec")
    started = time.process_time()
    exec(code, {"__name__": "__main__", "__file__": path})
    return time.process_time() - started


def recorded(path: str) -> float:
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
    session.run(RunProgram(path, own_input=True), 1)
    taken = time.process_time() - started
    reader.terminate()
    return taken


def main() -> None:
    """Measure once."""
    how, path = sys.argv[1:3]
    sys.path.insert(0, str(ROOT))
    import torch

    torch.set_num_threads(1)
    torch.ones(2).requires_grad_().sum().backward()
    printed = sys.stdout
    seconds = {"plain": plain, "recorded": recorded}[how](path)
    print(seconds, file=printed, flush=True)


if __name__ == "__main__":
    main()
