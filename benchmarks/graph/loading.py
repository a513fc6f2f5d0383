"""Graphs of real backward passes in a process without torch, as the window's is."""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from explorer.model.graph.columns import GraphColumns


def load(name: str, rounds: int = 1) -> tuple[GraphColumns, list[float]]:
    """The graph of a network, and the processor seconds that walking its live nodes took in some
    rounds; another process runs the network."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.graph.backward_graphs", folder, str(rounds)]
        subprocess.run([*command, name], check=True)
        columns, walked = pickle.loads((Path(folder) / f"{name}.pickle").read_bytes())
    return columns, walked


def peak_megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
