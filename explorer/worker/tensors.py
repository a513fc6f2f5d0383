"""Every tensor of the run that was seen, what is known of it, and whether that is still so."""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable
from itertools import compress
from typing import Any

import torch

from explorer.worker.cards import CardKinds, Row, version_of
from explorer.worker.log import Change
from explorer.worker.snapshots import LAZY, Snapshots, address_of, storage_of

Tensor = torch.Tensor
PLAIN = (torch.Tensor, torch.nn.Parameter)
"""Types whose attributes no code of the program answers for."""


class Tensors:
    """Tensors by id, never kept alive. Used on the program's threads, under the log's lock."""

    def __init__(self, snapshots: Snapshots, kinds: CardKinds) -> None:
        self.snapshots = snapshots
        self.kinds = kinds
        self.node_id_of: Callable[[Any], int] = lambda grad_fn: 0
        self.refs: list[Any] = [None]
        self.rows: list[Row | None] = [None]
        self.by_object: dict[int, int] = {}
        self._lying_in: dict[int, list[int]] = {}
        """Storage id -> tensors that were found in it, some of them dead by now."""
        snapshots.is_alive = self._is_alive_in
        self._shared = False
        self.dirty = False
        """Set when a door was used behind which anything about a tensor may have changed."""
        self._met = 1
        """Tensors from this id on have not been added to those that are watched."""
        self._watched: list[int] = []
        self._watched_refs: list[Any] = []
        self._addresses: list[int] = []
        self._versions: list[int] = []
        self._shapes: list[Any] = []
        self._requiring: list[bool] = []
        self._odd: list[int] = []
        """Tensors that need a thorough look each time: shared memory, sparse, subclasses ..."""

    def id_of(self, tensor: Tensor, change: Change) -> int:
        """The tensor's id; one that is seen for the first time is described in ``change``."""
        number = self.by_object.get(id(tensor), 0)
        if number and self.refs[number]() is tensor:
            return number
        number = self.by_object[id(tensor)] = len(self.refs)
        self.refs.append(weakref.ref(tensor))
        self.rows.append(None)
        self.refresh(number, tensor, change)
        return number

    def refresh(self, number: int, tensor: Tensor, change: Change) -> None:
        """Compare a tensor with what is known of it, and note what differs."""
        before = self.rows[number]
        version = version_of(tensor)
        storage = self.snapshots.find(tensor, before[2] if before else 0)
        if self.snapshots.look(storage, tensor, before is None or before[3] != version):
            change.contents.extend(self.snapshots.row(storage))
        grad_fn = tensor.grad_fn
        base = tensor._base if tensor.layout is torch.strided else None
        grad = tensor.grad if may_carry_grad(tensor) else None
        row = (
            number,
            self.kinds.kind_of(tensor, self.snapshots.marks[storage]),
            storage,
            version,
            self.node_id_of(grad_fn) if grad_fn is not None else 0,
            self.id_of(grad, change) if grad is not None else 0,
            self.id_of(base, change) if base is not None else 0,
        )
        if row != before:
            self.rows[number] = row
            if before is None or before[2] != storage:
                self._lying_in.setdefault(storage, []).append(number)
            change.cards.extend(row)

    def let_go(self, tensors: tuple[Tensor, ...]) -> Callable[[], None]:
        """Drop all weak references to these tensors until the function returned is called."""
        numbers = [self.by_object.get(id(tensor), 0) for tensor in tensors]
        held = [n for n, one in zip(numbers, tensors, strict=True) if n and self.refs[n]() is one]
        for number in held:
            self.refs[number] = _nothing
        self._watched_refs = [self.refs[number] for number in self._watched]

        def take_back() -> None:
            for number, tensor in zip(numbers, tensors, strict=True):
                if number in held:
                    self.refs[number] = weakref.ref(tensor)
            self._watched_refs = [self.refs[number] for number in self._watched]
            self.dirty = True

        return take_back

    def _is_alive_in(self, storage: int) -> bool:
        place = self.snapshots.object[storage]
        for number in self._lying_in.get(storage, ()):
            row = self.rows[number]
            if row is not None and row[2] == storage:
                tensor = self.refs[number]()
                if tensor is not None and storage_of(tensor) == place:
                    return True
        self._lying_in.pop(storage, None)
        return False

    def check(self, change: Change) -> set[int]:
        """Note every change of every tensor that is alive; the ids of those that have died."""
        dead = self._adopt()
        tensors = [one for ref in self._watched_refs if (one := ref()) is not None]
        if len(tensors) != len(self._watched_refs):
            self._forget_dead(dead)
        for place in self._changed(tensors):
            number, tensor = self._watched[place], tensors[place]
            self.refresh(number, tensor, change)
            self._versions[place] = tensor._version
            self._note(place, number, tensor)
            if self.snapshots.way[self.rows[number][2]] != LAZY:  # type: ignore[index]
                self._shared = True
        for number in self._odd:
            tensor = self.refs[number]()
            if tensor is not None:
                self.refresh(number, tensor, change)
        if self._shared:
            self._watch_shared()
        return dead

    def _watch_shared(self) -> None:
        """From now on look thoroughly at tensors whose memory others have come to hold."""
        self._shared = False
        way, odd = self.snapshots.way, []
        for number in self._watched:
            row = self.rows[number]
            if row is not None and way[row[2]] != LAZY:
                odd.append(number)
        self._stop_watching([number not in odd for number in self._watched])
        self._odd += odd

    def memory_was_shared(self) -> None:
        """Others than torch have come to hold the memory of some tensor."""
        self._shared = self.dirty = True

    def _changed(self, tensors: list[Tensor]) -> list[int]:
        """Places of the watched tensors that are not as they were."""
        if self.dirty:
            self.dirty = False
            return list(range(len(tensors)))
        places: set[int] = set()
        addresses = [*map(address_of, tensors)]
        versions = [one._version for one in tensors]
        shapes = [one.shape for one in tensors]
        requiring = [one.requires_grad for one in tensors]
        if addresses != self._addresses:
            places.update(_differing(addresses, self._addresses))
        if versions != self._versions:
            places.update(_differing(versions, self._versions))
        if shapes != self._shapes:
            places.update(_differing(shapes, self._shapes))
        if requiring != self._requiring:
            places.update(_differing(requiring, self._requiring))
        for place, requires in enumerate(requiring):
            number = self._watched[place]
            if (requires or self.rows[number][5]) and self._grad_differs(number, tensors[place]):  # type: ignore[index]
                places.add(place)
        return sorted(places)

    def _grad_differs(self, number: int, tensor: Tensor) -> bool:
        grad = tensor.grad if may_carry_grad(tensor) else None
        known = self.rows[number][5]  # type: ignore[index]  # a watched tensor has a row
        return bool(known) if grad is None else not known or self.refs[known]() is not grad

    def _adopt(self) -> set[int]:
        """Watch the tensors that were met since the last time; the ids of those that died."""
        dead = set()
        for number in range(self._met, len(self.refs)):
            tensor, row = self.refs[number](), self.rows[number]
            if tensor is None or row is None:
                self.refs[number], self.rows[number] = _nothing, None
                dead.add(number)
            elif self._is_plain(row, tensor):
                kind = self.kinds.kinds[row[1] - 1]
                self._watched.append(number)
                self._watched_refs.append(self.refs[number])
                self._addresses.append(self.snapshots.address[row[2]])
                self._versions.append(row[3])
                self._shapes.append(kind.shape)
                self._requiring.append(kind.requires_grad)
            else:
                self._odd.append(number)
        self._met = len(self.refs)
        return dead

    def _is_plain(self, row: Row, tensor: Tensor) -> bool:
        return (
            type(tensor) in PLAIN
            and self.snapshots.way[row[2]] == LAZY
            and not tensor.is_inference()
        )

    def _note(self, place: int, number: int, tensor: Tensor) -> None:
        row = self.rows[number]
        self._addresses[place] = self.snapshots.address[row[2]] if row else 0
        self._shapes[place] = tensor.shape
        self._requiring[place] = tensor.requires_grad

    def _forget_dead(self, dead: set[int]) -> None:
        alive = [ref() is not None for ref in self._watched_refs]
        for number in compress(self._watched, map(operator.not_, alive)):
            self.refs[number], self.rows[number] = _nothing, None
            dead.add(number)
        self._stop_watching(alive)
        gone = [number for number in self._odd if self.refs[number]() is None]
        dead.update(gone)
        self._odd = [number for number in self._odd if number not in dead]

    def _stop_watching(self, kept: list[bool]) -> None:
        """Keep only those of the watched whose place in ``kept`` is True."""
        columns: tuple[list[Any], ...] = (
            self._watched,
            self._watched_refs,
            self._addresses,
            self._versions,
            self._shapes,
            self._requiring,
        )
        for column in columns:
            column[:] = compress(column, kept)


def _differing(now: list[Any], before: list[Any]) -> list[int]:
    return [
        place for place, (one, other) in enumerate(zip(now, before, strict=True)) if one != other
    ]


def _nothing() -> None:
    """Stands for the reference to a tensor that is gone."""
    return None


def may_carry_grad(tensor: Tensor) -> bool:
    """Whether asking for ``.grad`` makes sense (on others torch warns)."""
    return tensor.is_leaf or tensor.retains_grad
