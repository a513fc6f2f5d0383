"""The autograd graph as the worker sends it, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Ints
from explorer.model.tensor_words import short_dtype
from explorer.protocol.autograd import Graph, NodeOutput

ACCUMULATES, OWN_FUNCTION = 1, 2
"""Bits of a node's flags."""


@dataclass(frozen=True)
class AutogradGraph:
    """``n`` nodes of autograd and ``m`` edges.

    By node: ``node`` its id, ``name``, ``sequence`` (-1 for AccumulateGrad), ``made`` the step of
    the statement that made it, ``leaf`` the tensor whose .grad it fills (0: none), ``freed`` the
    step whose backward freed what it had saved (-1: held), ``saved`` its bytes (-1: not looked
    at), ``output`` the place of its outputs in ``outputs`` (-1: not looked at). By edge, in the
    direction of the data: ``maker`` and ``user`` (rows of nodes), ``maker_slot`` and
    ``user_slot``. ``cut`` edges lead further than was asked for.
    """

    node: Ints
    name: Sequence[str]
    sequence: Ints
    made: Ints
    leaf: Ints
    freed: Ints
    saved: Ints
    output: Ints
    outputs: tuple[tuple[NodeOutput, ...], ...]
    flags: NDArray[np.uint8]
    maker: Ints
    user: Ints
    maker_slot: Ints
    user_slot: Ints
    cut: int = 0

    def __len__(self) -> int:
        return len(self.node)

    def row(self, node: int) -> int:
        """The row of a node id; -1 when it is not in this graph."""
        found = np.flatnonzero(self.node == node)
        return int(found[0]) if len(found) else -1

    def __contains__(self, node: object) -> bool:
        """Whether a node id is in this graph."""
        return bool((self.node == node).any())

    def output_words(self, row: int, slot: int = 0) -> str:
        """``f32[3, 4]`` of an output of a node; empty when it was not looked at."""
        place = int(self.output[row])
        if place < 0 or slot >= len(self.outputs[place]):
            return ""
        given = self.outputs[place][slot]
        return f"{short_dtype(given.dtype)}[{', '.join(map(str, given.shape))}]"

    def device(self, row: int) -> str:
        """The device of the first output; empty when it was not looked at."""
        place = int(self.output[row])
        return self.outputs[place][0].device if place >= 0 and self.outputs[place] else ""


def read_autograd(answer: Graph) -> AutogradGraph:
    """Unpack the worker's columns.

    Raises:
        ValueError: when they do not fit each other, in one sentence.
    """
    n, m = answer.nodes, answer.edges
    if len(answer.tail) != 61 * n + 16 * m:
        raise ValueError("A graph arrived whose columns do not fit its size.")
    longs = np.frombuffer(answer.tail, "<i8", 6 * n).reshape(6, n).astype(np.int64)
    ints = np.frombuffer(answer.tail, "<i4", 3 * n + 4 * m, offset=48 * n).astype(np.int64)
    flags = np.frombuffer(answer.tail, "<u1", n, offset=60 * n + 16 * m)
    names, output = ints[:n], ints[n : 2 * n]
    source, target, source_slot, target_slot = ints[3 * n :].reshape(4, m)
    _check(names, 0, len(answer.names))
    _check(output, -1, len(answer.outputs))
    _check(source, 0, n)
    _check(target, 0, n)
    return AutogradGraph(
        node=longs[0],
        name=[answer.names[place] for place in names.tolist()],
        sequence=longs[1],
        made=longs[2],
        leaf=longs[3],
        freed=longs[4],
        saved=longs[5],
        output=output,
        outputs=answer.outputs,
        flags=flags,
        maker=target,
        user=source,
        maker_slot=target_slot,
        user_slot=source_slot,
        cut=answer.cut,
    )


def _check(places: Ints, low: int, past: int) -> None:
    if len(places) and not (low <= places.min() and places.max() < past):
        raise ValueError("A graph arrived that points at something which is not in it.")
