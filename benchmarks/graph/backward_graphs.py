"""Graphs of real backward passes: builds networks, runs them, and walks their grad_fn nodes."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.graph import networks
from benchmarks.timing import in_rounds
from explorer.model.graph.columns import GraphColumns, NodeKind

Root = torch.Tensor
Call = tuple[int, int, str]


@contextmanager
def recorded_calls(model: nn.Module) -> Iterator[list[Call]]:
    """Notes, for each call of a module: first sequence number, first after it, dotted name."""
    calls: list[Call] = []
    begun: list[int] = []
    number = torch._C._autograd._get_sequence_nr

    def before(*_: Any) -> None:
        begun.append(number())

    def after(name: str) -> Callable[..., None]:
        def noted(*_: Any) -> None:
            calls.append((begun.pop(), number(), name))

        return noted

    handles = []
    for name, module in model.named_modules():
        if name:
            handles.append(module.register_forward_pre_hook(before))
            handles.append(module.register_forward_hook(after(name)))
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def walk(root: Root) -> tuple[list[Any], np.ndarray]:
    """Every node behind ``root`` and the edges (maker, user, output of maker, input of user)."""
    start = root.grad_fn
    nodes: list[Any] = [start]
    seen = {start: 0}
    edges: list[int] = []
    for user, node in enumerate(nodes):
        for slot, (maker, output) in enumerate(node.next_functions):
            if maker is None:
                continue
            row = seen.get(maker)
            if row is None:
                row = seen[maker] = len(nodes)
                nodes.append(maker)
            edges += (row, user, output, slot)
    return nodes, np.array(edges, np.int64).reshape(-1, 4)


def columns_of(root: Root, names: dict[int, str], calls: list[Call]) -> GraphColumns:
    """The graph behind ``root``, leaves under the names of parameters, by their ``id``."""
    nodes, edges = walk(root)
    labels = _names_of(nodes)
    numbers = [node._sequence_nr() for node in nodes]
    for row, label in enumerate(labels):
        if label == LEAF:
            labels[row] = names.get(id(nodes[row].variable), "leaf")
            numbers[row] = -1
    sequence = np.array(numbers, np.int64)
    call, label_of_call, parent = _calls(sequence, calls)
    return GraphColumns(
        name=labels,
        kind=np.where(sequence < 0, NodeKind.LEAF, NodeKind.OPERATION).astype(np.uint8),
        sequence=sequence,
        source=edges[:, 0],
        target=edges[:, 1],
        source_slot=edges[:, 2],
        target_slot=edges[:, 3],
        call=call,
        call_label=label_of_call,
        call_parent=parent,
    )


LEAF = "AccumulateGrad"


def _names_of(nodes: list[Any]) -> list[str]:
    """The name of each node, asked for once of a type where that says it all."""
    types = [*map(type, nodes)]
    first = dict(zip(reversed(types), reversed(nodes), strict=True))
    known = {kind: node.name().rpartition("::")[2] for kind, node in first.items()}
    names = [known[kind] for kind in types]
    if any(kind.__name__ == "CppFunction" for kind in known):
        for row, kind in enumerate(types):
            if kind.__name__ == "CppFunction":
                names[row] = nodes[row].name().rpartition("::")[2]
    return names


def _calls(sequence: np.ndarray, calls: list[Call]) -> tuple[np.ndarray, list[str], np.ndarray]:
    """The innermost call of each node; calls nest, so outer ones are painted over by inner."""
    order = sorted((c for c in calls if c[1] > c[0]), key=lambda c: (c[0], -c[1]))
    parent = np.full(len(order), -1, np.int64)
    inner = np.full(int(sequence.max(initial=0)) + 2, -1, np.int64)
    for row, (first, past, _) in enumerate(order):
        parent[row] = inner[first] if first < len(inner) else -1
        inner[first:past] = row
    call = np.where(sequence >= 0, inner[sequence], -1)
    return call, [name for _, _, name in order], parent


def build(name: str) -> tuple[Root, dict[int, str], list[Call]]:
    """Run the network called ``name`` forward on small random data; what it gave, the names of
    its parameters by their ``id``, and its calls."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model, run = networks.NETWORKS[name]()
    with recorded_calls(model) as calls:
        root = run()
    return root, {id(p): path for path, p in model.named_parameters()}, calls


def graph(name: str) -> GraphColumns:
    """The columns of one of ``NAMES``."""
    return columns_of(*build(name))


NAMES = tuple(networks.NETWORKS)


def main(folder: str, rounds: int, names: list[str]) -> None:
    """Write the columns of graphs, and what each round of walking took, into a folder."""
    for name in names:
        built = build(name)
        (walked,) = in_rounds([lambda: columns_of(*built)], rounds)  # noqa: B023
        made = columns_of(*built), walked.seconds
        (Path(folder) / f"{name}.pickle").write_bytes(pickle.dumps(made))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
