"""The peer: Graphviz' ``dot`` on the same graph, and its picture in the terms of ours."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.graph.quality import Strokes
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.faces import Faces

UNITS = 72.0
"""Points of Graphviz in an inch; our unit is one point."""


@dataclass(frozen=True)
class DotPicture:
    """Boxes (n, 4), the pieces of the lines, and the seconds that ``dot`` took."""

    box: np.ndarray
    strokes: Strokes
    seconds: float


def there_is_dot() -> bool:
    """Whether Graphviz is installed."""
    return shutil.which("dot") is not None


def dot_text(graph: GraphColumns, faces: Faces) -> str:
    """The graph in Graphviz' language, with boxes of the same size as ours."""
    lines = ["digraph g {", 'node [shape=box, fixedsize=true, label=""]']
    for node in range(len(graph)):
        width, height = faces.width[node] / UNITS, faces.height[node] / UNITS
        lines.append(f"{node} [width={width:.3f}, height={height:.3f}]")
    for source, target in zip(graph.source.tolist(), graph.target.tolist(), strict=True):
        lines.append(f"{source} -> {target}")
    return "\n".join([*lines, "}"])


def run_dot(text: str, limit: float) -> tuple[str, float] | None:
    """What ``dot -Tplain`` answers and how long it took; None past ``limit`` seconds."""
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            ["dot", "-Tplain"], input=text, capture_output=True, text=True, timeout=limit,
            check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.stdout, time.perf_counter() - begun


def read_plain(plain: str, graph: GraphColumns, seconds: float) -> DotPicture:
    """Boxes and pieces of lines of a picture in Graphviz' plain format."""
    box = np.zeros((len(graph), 4))
    pieces, owners = [], []
    tensors: list[int] = []
    for row in plain.splitlines():
        words = row.split()
        if words[0] == "node":
            x, y, w, h = (float(word) * UNITS for word in words[2:6])
            box[int(words[1])] = (x - w / 2, -y - h / 2, w, h)
        elif words[0] == "edge":
            count = int(words[3])
            points = np.array(words[4 : 4 + 2 * count], float).reshape(-1, 2) * UNITS
            line = _sampled(points)
            line[:, 1] *= -1
            pieces.append(np.concatenate([line[:-1], line[1:]], axis=1))
            owners.append(np.full(len(line) - 1, len(tensors)))
            tensors.append(int(words[1]))
    strokes = Strokes(np.concatenate(pieces), np.concatenate(owners), np.array(tensors))
    return DotPicture(box, strokes, seconds)


def _sampled(points: np.ndarray) -> np.ndarray:
    """Points along a chain of cubic Bezier curves."""
    t = np.linspace(0, 1, 9)[:, None]
    found = [points[:1]]
    for at in range(0, len(points) - 1, 3):
        a, b, c, d = points[at : at + 4]
        curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
        found.append(curve[1:])
    return np.concatenate(found)


def draw(graph: GraphColumns, faces: Faces, limit: float = 120.0) -> DotPicture | None:
    """Lay a graph out with ``dot``; None where it does not end in time."""
    answer = run_dot(dot_text(graph, faces), limit)
    return None if answer is None else read_plain(answer[0], graph, answer[1])
