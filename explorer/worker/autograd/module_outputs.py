"""What a module gave, in short: looked at while it is there, and not kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from explorer.protocol.autograd import NodeOutput
from explorer.protocol.values import Brief
from explorer.worker.cards import UNKNOWN_HISTORY, history_of, sizes_of
from explorer.worker.quiet import undispatched, unprofiled
from explorer.worker.values.briefs import brief_of_tensor
from explorer.worker.values.desk import failure

MOST_PARTS = 16
"""So many tensors of one call are told."""
DEEPEST = 4


@dataclass(frozen=True)
class Gave:
    """What the tensor was like, and its numbers in short."""

    part: str
    slot: int
    output: NodeOutput
    brief: Brief


def tensors_in(result: Any) -> list[tuple[str, torch.Tensor]]:
    """The tensors that a module gave, each with how it is reached from what it gave; of very many
    the first."""
    found: dict[int, tuple[str, torch.Tensor]] = {}
    waiting = [("", result, 0)]
    while waiting and len(found) < MOST_PARTS:
        path, value, depth = waiting.pop()
        if isinstance(value, torch.Tensor):
            found.setdefault(id(value), (path, value))
        elif depth < DEEPEST:
            inside = [(f"{path}[{step}]", part, depth + 1) for step, part in _parts(value)]
            waiting += reversed(inside)
    return list(found.values())


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for place, (key, part) in enumerate(value.items()):
            yield (repr(key) if type(key) in (str, int) else f"<key {place}>"), part
    elif isinstance(value, (tuple, list)):
        yield from ((str(place), part) for place, part in enumerate(value))


def gave_of(part: str, tensor: torch.Tensor) -> tuple[Gave, Any]:
    """What a module gave, and the node that it ended with; None for none."""
    with undispatched(tensor), unprofiled():
        shape, dtype = tuple(sizes_of(tensor)), str(tensor.dtype).removeprefix("torch.")
        output = NodeOutput(shape, dtype, str(tensor.device))
        node, slot = history_of(tensor), int(tensor.output_nr)
        try:
            brief = brief_of_tensor(tensor.detach())
        except Exception as err:
            brief = Brief(sentence=failure(err).sentence)
    return Gave(part, slot, output, brief), None if node is UNKNOWN_HISTORY else node
