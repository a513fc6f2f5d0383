"""One row of the tensor table, and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from explorer.model.card import Card, Content, storage_letter
from explorer.protocol.values import Brief


class Column(IntEnum):
    """In the order in which they are shown."""

    NAME = 0
    SHAPE = 1
    DTYPE = 2
    STRIDE = 3
    OFFSET = 4
    DEVICE = 5
    STORAGE = 6
    GRAD = 7
    RANGE = 8
    VALUES = 9
    VERSION = 10
    BYTES = 11


TITLES = (
    "name",
    "shape",
    "dtype",
    "stride",
    "offset",
    "device",
    "storage",
    "grad",
    "range",
    "values",
    "version",
    "bytes",
)


@dataclass(frozen=True)
class Row:
    """One named tensor with all that its row shows."""

    name: str
    card: Card
    content: Content | None
    grad: Card | None
    view_of: str
    changed: bool
    brief: Brief | None
    strength: float = -1.0
    """How strongly a chosen cell depends on it, 0 to 1; below 0 when that is not being shown."""
    derivative: str = ""
    """``∂loss/∂w`` while that is being shown."""
    same_as: str = ""
    """The first of several names of this very tensor, where that is another one."""

    @property
    def relation(self) -> str:
        """``is x`` or ``view of x``; empty for a tensor on a storage of its own."""
        if self.same_as:
            return f"is {self.same_as}"
        return f"view of {self.view_of}" if self.view_of else ""

    @property
    def letter(self) -> str:
        """Of its storage."""
        return storage_letter(self.card.storage)
