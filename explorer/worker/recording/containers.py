"""Finds the tensors inside lists, dicts, objects, modules and optimizers, under their path.

A walk leaves a `Holder` for every container it met: the identities of what was inside. Comparing
them tells quickly, and without keeping anything alive, that a container still holds the same.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import torch

from explorer.worker.recording.bare import (
    are_bare,
    are_identical,
    are_rows,
    bare_places,
    begins_with,
    identities_of,
    is_bare,
    items_of,
    joined,
    only_atoms,
)
from explorer.worker.recording.classes import fills_itself
from explorer.worker.recording.container_kinds import (
    BARE,
    MAPPING,
    MODULE,
    NAMED,
    NOTHING,
    ODD_MODULE,
    SEQUENCE,
    TENSOR,
    TENSORLESS,
    kind_of,
)
from explorer.worker.recording.contents import DRAWERS, steps_of, values_of
from explorer.worker.recording.rows import Rows
from explorer.worker.recording.tensorless import holds_no_tensor

DEEPEST = 24
MOST_TENSORS = 50_000
MOST_ITEMS = 400_000
_FEW = 64


class Holder:
    """A container as it was when it was walked; ``inner`` are the containers in it, by place."""

    __slots__ = ("bare", "cls", "identities", "inner", "kind", "rows")

    def __init__(self, value: Any, kind: int, items: list[Any]) -> None:
        self.cls = id(type(value))  # kept alive by nobody
        self.kind = kind
        self.identities = identities_of(items)
        self.inner: list[tuple[int, Holder]] = []
        self.bare: list[int] = []
        """Where containers are that hold nothing but numbers and texts."""
        self.rows: Rows | None = None
        """Containers inside, where there are many that hold no others; not among the inner."""

    def gather_rows(self, items: list[Any]) -> None:
        """Let many inner lists and tuples that hold no containers be compared at once."""
        flat = [
            place
            for place, one in self.inner
            if one.kind == SEQUENCE and not (one.inner or one.bare or one.rows)
        ]
        rows = [items[place] for place in flat]
        if len(flat) > _FEW and are_rows(rows):
            self.rows, gathered = Rows(flat, rows), set(flat)
            self.inner = [pair for pair in self.inner if pair[0] not in gathered]

    def still_fits(self, value: Any) -> bool:
        """Whether ``value`` leads to the very tensors that it led to, under the same paths."""
        if id(type(value)) != self.cls:
            return False
        if self.kind == BARE:
            return self._is_still_bare(value)
        if self.kind == TENSORLESS:
            return holds_no_tensor(value)
        if type(self.identities) is list:
            items = values_of(self.kind, value)
            if [*map(id, items)] != self.identities:
                return False
        else:
            in_row = self.kind in (SEQUENCE, NAMED)
            items = value if in_row else values_of(self.kind, value)
            if not are_identical(items, self.identities):
                return False
            if in_row and (self.bare or self.inner or self.rows):
                items = items_of(value)
        for place, holder in self.inner:
            if not holder.still_fits(items[place]):
                return False
        if self.rows is not None and not self.rows.still_fit(items):
            return False
        return not self.bare or self._are_still_bare(items)

    def _are_still_bare(self, items: list[Any]) -> bool:
        every = len(self.bare) == len(items)
        return are_bare(items if every else [items[place] for place in self.bare])

    def _is_still_bare(self, value: Any) -> bool:
        if type(value) is not list:
            return is_bare(value)
        if begins_with(value, self.identities):
            new = value[len(self.identities) :]
            fits = only_atoms(new)
            if len(new) < _FEW:
                return fits
        else:
            fits = only_atoms(value)
        self.identities = identities_of(value)
        return fits

    def grown(self, value: Any) -> list[torch.Tensor] | None:
        """The tensors that a list got at its end; None when anything else has changed too."""
        if self.kind != SEQUENCE or id(type(value)) != self.cls:
            return None
        if self.inner or self.bare or self.rows:
            return None
        if not begins_with(value, self.identities):
            return None
        new = items_of(value)[len(self.identities) :]
        return new if all(kind_of(one) == TENSOR for one in new) else None

    def take(self, new: list[torch.Tensor]) -> None:
        """Note that these are at the end of the list, too."""
        self.identities = joined(self.identities, new)


class Walk:
    """One walk through a value; ``cut`` says what was left out, empty when nothing was;
    ``fickle``: something in it may come to hold more when it is asked (a ``defaultdict``)."""

    def __init__(self, value: Any) -> None:
        self.found: list[tuple[str, torch.Tensor]] = []
        self.cut = ""
        self.fickle = False
        self._items = 0
        self._seen: set[int] = set()
        if is_bare(value):
            self.holder = Holder(value, BARE, value if type(value) is list else [])
        else:
            self.holder = self._through(value, kind_of(value), "", 0)

    def _through(self, value: Any, kind: int, path: str, depth: int) -> Holder:
        """Walk a container; of one with much in it, and no tensor, not more is kept than that."""
        found, items = len(self.found), self._items
        holder = self._into(value, kind, path, depth)
        if self._items - items <= _FEW or len(self.found) > found or self.cut:
            return holder
        return Holder(value, TENSORLESS, []) if holds_no_tensor(value) else holder

    def _into(self, value: Any, kind: int, path: str, depth: int) -> Holder:
        self._seen.add(id(value))
        if kind == MODULE and tuple(islice(value.__dict__, len(DRAWERS))) != DRAWERS:
            kind = ODD_MODULE
        elif kind == MAPPING and type(value) is not dict:
            self.fickle |= fills_itself(type(value))
        items = values_of(kind, value)
        holder = Holder(value, kind, items)
        if kind == SEQUENCE and len(items) > _FEW:
            holder.bare = bare_places(items)
            if holder.bare:
                return holder
        if kind in (SEQUENCE, MAPPING) and len(items) > _FEW and holds_no_tensor(value):
            return Holder(value, TENSORLESS, [])
        for place, (step, item) in enumerate(zip(steps_of(kind, value), items, strict=True)):
            inner = kind_of(item)
            if inner == NOTHING or step is None:
                continue
            if inner == TENSOR:
                self.found.append((path + step, item))
            elif is_bare(item):
                holder.bare.append(place)
                continue
            elif id(item) not in self._seen:
                if depth >= DEEPEST or self._full():
                    self.cut = self.cut or self._left_out(path + step)
                    break
                holder.inner.append((place, self._through(item, inner, path + step, depth + 1)))
            self._items += 1
            if self._full():
                self.cut = self.cut or self._left_out(path + step)
                break
        if len(holder.inner) > _FEW:
            holder.gather_rows(items)
        return holder

    def _full(self) -> bool:
        return len(self.found) >= MOST_TENSORS or self._items >= MOST_ITEMS

    def _left_out(self, path: str) -> str:
        return (
            f"It holds so much that the recording goes only as far as {path}: tensors behind it"
            " have no name here."
        )
