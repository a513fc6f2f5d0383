"""What is known of a tensor at a step without its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.recording import CardKind


@dataclass(frozen=True)
class Content:
    """What a storage holds at a step: ``id`` 0 when it was not kept."""

    storage: int
    id: int
    nbytes: int
    certain: bool
    since: int
    """Step index at which it was written."""


@dataclass(frozen=True)
class Card:
    """A tensor at a step; ``kind`` holds shape, stride, dtype and all that repeats."""

    tensor: int
    kind: CardKind
    storage: int
    version: int
    node: int
    """Node id of its grad_fn, 0 for none."""
    grad: int
    """Tensor id of its ``.grad``, 0 for none."""
    base: int
    """Tensor id of the tensor it is a view of, 0 for none."""

    @property
    def numel(self) -> int:
        """Number of elements."""
        count = 1
        for size in self.kind.shape:
            count *= size
        return count

    def numbers(self, content: int) -> NumbersOf:
        """All of its numbers as a content of its storage holds them (0: none was kept)."""
        kind = self.kind
        return NumbersOf(
            content, kind.dtype, kind.shape, kind.stride, kind.offset, kind.layout, kind.flags
        )

    def number(self, content: int, cell: tuple[int, ...]) -> NumbersOf:
        """The number of one cell, likewise; of a tensor without strides its first number."""
        kind = self.kind
        offset = kind.offset + sum(i * s for i, s in zip(cell, kind.stride, strict=False))
        return NumbersOf(content, kind.dtype, (), (), offset, kind.layout, kind.flags)


def storage_letter(storage: int) -> str:
    """A, B, ... Z, AA, AB, ... for storage ids 1, 2, ...; empty for 0."""
    letters = ""
    while storage > 0:
        storage, rest = divmod(storage - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
