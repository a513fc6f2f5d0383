"""Graphs of real backward passes in a process without torch, as the window's is."""

from __future__ import annotations

import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from explorer.model.graph_columns import GraphColumns


def load(name: str) -> tuple[GraphColumns, float]:
    """The graph of a network, and the seconds that walking its live nodes took; another process
    runs the network."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.graph.backward_graphs", folder, name]
        subprocess.run(command, check=True)
        columns, walked = pickle.loads((Path(folder) / f"{name}.pickle").read_bytes())
    return columns, walked


def median_seconds(work: Callable[[], object], rounds: int) -> float:
    """The median time of some rounds, after one that does not count."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def peak_megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
