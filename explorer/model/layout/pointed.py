"""The byte of a storage that is pointed at, and which cells of a tensor reach it."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.card import Card
from explorer.model.layout.why import layout_of
from explorer.model.strides import indices_of, place_of
from explorer.model.values.plane import Plane

MOST_CELLS = 256


@dataclass(frozen=True, slots=True)
class Pointed:
    """Byte number ``byte`` of a storage."""

    storage: int
    byte: int


def pointed_at(card: Card | None, index: tuple[int, ...]) -> Pointed | None:
    """The first byte of an element; None for a tensor without strides or storage."""
    layout = layout_of(card) if card is not None else None
    if card is None or layout is None or not card.storage or len(index) != layout.ndim:
        return None
    return Pointed(card.storage, place_of(layout, index) * card.kind.itemsize)


def indices_reaching(
    card: Card | None, pointed: Pointed | None, most: int = MOST_CELLS
) -> list[tuple[int, ...]]:
    """Indices of the elements of a tensor that cover the byte, at most so many."""
    layout = layout_of(card) if card is not None else None
    if card is None or pointed is None or layout is None or card.storage != pointed.storage:
        return []
    return indices_of(layout, pointed.byte // max(card.kind.itemsize, 1), limit=most)


def cells_reaching(
    card: Card | None, pointed: Pointed | None, plane: Plane
) -> list[tuple[int, int]]:
    """Rows and columns of a plane whose elements cover the byte."""
    cells = (plane.cell_of(index) for index in indices_reaching(card, pointed))
    return [cell for cell in cells if cell is not None]
