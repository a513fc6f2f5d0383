"""The peer of `live`: torchviz with dot, from the live graph to an SVG.

``PYTHON -m benchmarks.graph.torchviz_peer NETWORK ROUNDS`` in an environment that has torch and
torchviz; prints the processor seconds of each round, one a line.
"""

from __future__ import annotations

import sys
from importlib import import_module

import torch

from benchmarks.graph.networks import NETWORKS
from benchmarks.timing import in_rounds


def main(name: str, rounds: int) -> None:
    """Draw one network's graph again and again."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model, run = NETWORKS[name]()
    make_dot = import_module("torchviz").make_dot
    root, parameters = run(), dict(model.named_parameters())
    (taken,) = in_rounds([lambda: make_dot(root, parameters).pipe(format="svg")], rounds)
    print("\n".join(map(str, taken.seconds)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
