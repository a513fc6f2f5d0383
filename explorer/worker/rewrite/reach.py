"""What the calls of one statement may have written into, where that is known."""

from __future__ import annotations

from typing import Any

import torch


class Reach:
    """``tensors`` may hold something else, or have another gradient; what lies in their storages
    too. ``state`` are those of them that the call may have made, to be held by a container.
    ``fills``: containers may hold something else."""

    __slots__ = ("fills", "state", "tensors")

    def __init__(self) -> None:
        self.tensors: list[torch.Tensor] = []
        self.state: list[torch.Tensor] = []
        self.fills = False

    def add(self, tensor: torch.Tensor) -> bool:
        """Note one more; True, as the answer of whoever knows where a call writes."""
        self.tensors.append(tensor)
        return True


def is_exact(thing: Any) -> bool:
    """Whether it is a tensor for whose attributes no code of the program answers. Its class is
    compared with no other, as a class may mind that."""
    cls = type(thing)
    return cls is torch.Tensor or cls is torch.nn.Parameter


NOWHERE = Reach()
"""Of a statement that has written nowhere; never added to."""
