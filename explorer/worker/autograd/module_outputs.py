"""What a module gave, in short: looked at while it is there, and not kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from explorer.protocol.autograd import NodeOutput
from explorer.protocol.values import Brief
from explorer.worker.cards import UNKNOWN_HISTORY, history_of, sizes_of
from explorer.worker.quiet import undispatched, unprofiled
from explorer.worker.values.briefs import brief_of_tensor
from explorer.worker.values.desk import failure


@dataclass(frozen=True)
class Gave:
    """What the tensor was like, and its numbers in short."""

    output: NodeOutput
    brief: Brief


def gave_of(tensor: torch.Tensor) -> tuple[Gave, Any]:
    """What a module gave, and the node that it ended with; None for none."""
    with undispatched(tensor), unprofiled():
        shape, dtype = tuple(sizes_of(tensor)), str(tensor.dtype).removeprefix("torch.")
        output = NodeOutput(shape, dtype, str(tensor.device))
        node = history_of(tensor)
        try:
            brief = brief_of_tensor(tensor.detach())
        except Exception as err:
            brief = Brief(sentence=failure(err).sentence)
    return Gave(output, brief), None if node is UNKNOWN_HISTORY else node
