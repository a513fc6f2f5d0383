"""The tensors on one storage, each once, with all of its names and how it meets a chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.model.card import Card
from explorer.model.layout.holders import Holder
from explorer.model.layout.reach import share_a_byte
from explorer.model.layout.why import layout_of
from explorer.model.strides import Layout, indices_of

_MOST_COMPARED = 1 << 17
"""Bytes in which an overlap is looked for, so that a frame is not missed."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """A tensor on the storage. `overlaps` tells whether it shares a byte with the chosen one;
    None for the chosen one itself and where that would take long to find out."""

    card: Card
    layout: Layout
    names: tuple[str, ...]
    overlaps: bool | None

    @property
    def title(self) -> str:
        """`x`, or `x = same` when several names lead to it."""
        return " = ".join(self.names[:3]) + (" = …" if len(self.names) > 3 else "")


def sharers(holders: Sequence[Holder], chosen: Card | None) -> list[Sharer]:
    """One entry for each tensor, the chosen one first, in order of appearance otherwise."""
    names: dict[int, list[str]] = {}
    cards: dict[int, Card] = {}
    for one in holders:
        names.setdefault(one.card.tensor, []).append(one.title)
        cards[one.card.tensor] = one.card
    chosen_layout = layout_of(chosen) if chosen is not None else None
    found = []
    for tensor, card in cards.items():
        layout = layout_of(card)
        if layout is None:
            continue
        meets = None
        if chosen is not None and chosen_layout is not None and tensor != chosen.tensor:
            size, other_size = card.kind.itemsize, chosen.kind.itemsize
            meets = share_a_byte(layout, size, chosen_layout, other_size, _MOST_COMPARED)
        found.append(Sharer(card, layout, tuple(names[tensor]), meets))
    return sorted(found, key=lambda one: chosen is None or one.card.tensor != chosen.tensor)


def place_words(everyone: Sequence[Sharer], place: int, unit: int, most: int = 6) -> str:
    """Every index of every tensor that reaches a place: `d[2, 1] and x[1, 2]`.

    Places count elements of `unit` bytes; tensors of another element size are named with the
    elements that cover the place's first byte.
    """
    told: list[str] = []
    for one in everyone:
        size = one.card.kind.itemsize
        at = place * unit // size
        indices = indices_of(one.layout, at, limit=most + 1)
        name = one.names[0]
        told += [f"{name}[{', '.join(map(str, index))}]" if index else name for index in indices]
    if not told:
        return "no name reaches it"
    if len(told) > most:
        return ", ".join(told[:most]) + " and more"
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
