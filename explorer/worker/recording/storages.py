"""The storages of a run: which one a tensor lies in, and how each is kept.

Storages are numbered from 1; what is known of them stands in columns. A storage is found by the
address of its memory: as long as the newest snapshot of it is held, no other storage can lie
there. The Python object of a storage of the program is never asked for: once it exists, autograd
no longer adds into that storage in place.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.program.concealed import UNCOUNTED
from explorer.worker.quiet import quiet
from explorer.worker.recording.whole import has_plain_storage

_C: Any = torch._C  # what is private there has no types
_Storage: Any = torch.UntypedStorage
_data_ptr = torch.Tensor.data_ptr

address_of = _C._data_address
"""Where the memory of a tensor's storage begins (its storage offset is not added); reading it
copies nothing."""

object_of = _C._storage_address
"""Where torch keeps the storage object of a tensor: two tensors share one or not."""

lazy_clone: Any = getattr(torch, "_lazy_clone", None)

set_memory: Any = _C.TensorBase.set_
"""torch's own ``set_``, past the door before it, behind which all tensors would be looked at."""

LAZY, COPY, WHOLE, NOTHING, BESIDE = 1, 2, 3, 4, 5
"""How a storage is kept: torch's copy-on-write clone; a copy of its bytes, compared each time;
a clone of a tensor that has no plain storage (sparse and the like); not at all (meta, empty);
written to disk at once, or not at all, because memory has no room for a copy."""


COMPARED = 1 << 22
"""Bytes up to which a storage is compared with what is on disk whenever it may have changed."""

FEW = 64
"""So many references to dead objects of torch do not matter."""


class Storages:
    """All storages of a run, by number. Used under the log's lock."""

    def __init__(self) -> None:
        self.lazy = lazy_clone_works()
        """Whether snapshots share memory with the tensors of the program now."""
        self._may_be_lazy = self.lazy
        self._parted: set[int] = set()
        """Storages that are kept by copies only because several threads could write."""
        self.ways_changed: Callable[[], None] = lambda: None
        """Called when some storages have come to be kept `BESIDE`."""
        self.rewritten: set[int] = set()
        """Storages that have held more than one content."""
        self._unwatched: set[int] = set()
        """Of those kept `BESIDE`, the storages to compare, because writes may not be counted."""
        self._doubted: set[int] = set()
        """Of those kept `BESIDE`, the storages of which it is still to be told that they may be
        changed unseen."""
        self.address: list[int] = [0]
        self.object: list[int] = [0]
        self.content: list[int] = [0]
        self.nbytes: list[int] = [0]
        self.way: list[int] = [NOTHING]
        self.first: list[Any] = [None]
        """Storage id -> weak reference to the tensor that was first seen in it."""
        self.lodgers: dict[int, list[int]] = {}
        """Storage id -> numbers of tensors that were seen in it besides the first."""
        self.uncertain: set[int] = set()
        """Storages that other processes may write into."""
        self.marks: dict[int, tuple[str, ...]] = {}
        """Storage id -> what its tensors' cards say of it: ``numpy``, ``shared``."""
        self._exported: dict[int, str] = {}
        self._weak: dict[int, Any] = {}
        """Object of torch -> torch's own weak reference to it; as long as there is one, no other
        object comes to lie there."""
        self._crowded_at = FEW
        """How many such references there are when those to dead objects are dropped."""
        self.is_alive: Callable[[int], bool] = lambda storage: False
        """Whether a tensor of the program that is known to lie in this storage still does."""
        self.at_address: dict[int, int] = {}
        self._at_object: dict[int, int] = {}

    def row(self, storage: int) -> tuple[int, int, int, int]:
        """(storage, content, bytes, certainty) as `StepChange` carries it."""
        return storage, self.content[storage], self.nbytes[storage], storage in self.uncertain

    def find(self, tensor: torch.Tensor, known: int = 0) -> int:
        """The storage id of a tensor, given when it is seen for the first time.

        ``known`` is the storage that the tensor had when it was last looked at.
        """
        if not has_plain_storage(tensor):
            if not known:
                known = self._add(0, 0, WHOLE)  # never shared
                self.first[known] = weakref.ref(tensor, UNCOUNTED)
            return known
        place = object_of(tensor)
        if known and self.object[known] == place:
            return known
        address = address_of(tensor)
        storage = self.at_address.get(address, 0) if address else 0
        if not storage or self.way[storage] != LAZY:
            storage = self._at_object.get(place, 0)
            if not storage or not self.is_alive(storage):
                storage = self._add(address, place, self._way_for(tensor, address))
                self.first[storage] = weakref.ref(tensor, UNCOUNTED)
                return storage
        return storage

    def storage_of(self, tensor: torch.Tensor) -> int:
        """The storage in which a tensor lies that was not seen yet; 0 when none is known there."""
        return self._at_object.get(object_of(tensor), 0) if has_plain_storage(tensor) else 0

    def _way_for(self, tensor: torch.Tensor, address: int) -> int:
        if address == 0:
            return NOTHING
        if object_of(tensor) in self._exported:
            return COPY
        return LAZY if self.lazy and tensor.device.type == "cpu" else COPY

    def part(self) -> None:
        """Let no snapshot share memory with a storage from now on: two threads that write at once
        would each give the storage memory of its own, and one of the writes would be lost. The
        memory of all tensors must be their own by now."""
        self.lazy = False
        for storage in self.at_address.values():
            if self.way[storage] == LAZY:
                self.way[storage] = COPY

    def unite(self) -> None:
        """Let snapshots share memory again, those of storages already known, too."""
        self.lazy = self._may_be_lazy
        if self.lazy:
            self._parted.update(
                storage
                for storage in self.at_address.values()
                if self.way[storage] == COPY and self.object[storage] not in self._exported
            )

    def never_lazy(self) -> None:
        """Let no snapshot share memory with a tensor for the rest of the run."""
        self.lazy = self._may_be_lazy = False

    def export(self, tensor: torch.Tensor, to: str) -> None:
        """Others than torch hold the memory of this tensor from now on: ``numpy``, ``shared``
        (other processes), or empty when it is not known who."""
        if has_plain_storage(tensor):
            self.refer_to(tensor)
            self.export_object(object_of(tensor), to)

    def refer_to(self, tensor: torch.Tensor) -> None:
        """Know whether the storage of this tensor lives on, whose address no snapshot keeps from
        being another's. Its object must not matter: the memory is shared with others already."""
        place = object_of(tensor)
        if place in self._weak:
            return
        if len(self._weak) >= self._crowded_at:
            for other in list(self._weak):
                self.is_held(other)
            self._crowded_at = max(FEW, 2 * len(self._weak))
        self._weak[place] = tensor.untyped_storage()._weak_ref()

    def is_held(self, place: int) -> bool:
        """Whether this object of torch is one that is referred to, and still alive: what NumPy made
        of it keeps it so, even where the program has no tensor there any more."""
        weak = self._weak.get(place)
        if weak is None:
            return False
        if not _Storage._expired(weak):
            return True
        _Storage._free_weak_ref(self._weak.pop(place))
        self._exported.pop(place, None)
        return False

    def export_object(self, place: int, to: str) -> None:
        """The same for a storage object of torch."""
        self._exported[place] = to
        storage = self._at_object.get(place, 0)
        self._parted.discard(storage)
        if storage and self.way[storage] in (LAZY, COPY):
            self.way[storage] = COPY
            self._mark(storage, to)
        elif storage and self.way[storage] == BESIDE:
            self._unwatched.add(storage)
            self._mark(storage, to)

    def _mark(self, storage: int, to: str) -> None:
        marks = self.marks.get(storage, ())
        if to and to not in marks:
            self.marks[storage] = (*marks, to)
        if to == "shared":
            self.uncertain.add(storage)

    def _add(self, address: int, place: int, way: int) -> int:
        storage = len(self.address)
        self.address.append(0)
        self.object.append(place)
        self.content.append(0)
        self.nbytes.append(0)
        self.way.append(way)
        self.first.append(None)
        if address:
            self.at_address[address] = storage
        if place:
            self._at_object[place] = storage
            self._mark(storage, self._exported.get(place, ""))
        return storage

    # Whether it is needed.

    def first_is(self, storage: int, tensor: torch.Tensor) -> bool:
        """Whether this tensor is the one that was first seen in a storage."""
        first = self.first[storage]
        return first is not None and first() is tensor

    def is_used(self, storage: int) -> bool:
        """Whether the program may still have a tensor in this storage."""
        first = self.first[storage]
        if self.way[storage] == WHOLE:
            return first is not None and first() is not None
        return self.way[storage] == NOTHING or self.is_alive(storage)

    def let_go(self, storage: int) -> None:
        """The program has no tensor in this storage any more; its address can be another's."""
        address, place = self.address[storage], self.object[storage]
        if self.at_address.get(address) == storage:
            del self.at_address[address]
        if self._at_object.get(place) == storage:
            del self._at_object[place]
        self.address[storage] = 0
        self.first[storage] = None
        self.lodgers.pop(storage, None)
        self.rewritten.discard(storage)

    def set_beside(self, storage: int) -> None:
        """Keep this storage without a snapshot in memory from now on.

        Writes that torch does not count are found by comparing, where that is quickly done; else
        what it holds may be changed unseen from now on, which is told once.
        """
        if self.way[storage] == COPY or self.nbytes[storage] <= COMPARED:
            self._unwatched.add(storage)
        else:
            self.uncertain.add(storage)
            self._doubted.add(storage)
        self.way[storage] = BESIDE
        if self.at_address.get(self.address[storage]) == storage:
            del self.at_address[self.address[storage]]
        self.ways_changed()


def bytes_of(tensor: torch.Tensor) -> torch.Tensor:
    """The whole storage of a tensor as uint8, in the same memory."""
    storage = tensor.untyped_storage()
    empty = torch.empty(0, dtype=torch.uint8, device=storage.device)
    whole: torch.Tensor = set_memory(empty, storage, 0, (storage.nbytes(),), (1,))
    return whole


def own_memory(value: Any) -> Any:
    """Make the memory of a tensor its own, before an operation may resize it; gives it back."""
    if isinstance(value, torch.Tensor):
        try:
            if _C._is_cow_tensor(value):
                _data_ptr(value)
        except RuntimeError:
            return value  # it has no memory of its own
    elif isinstance(value, (tuple, list)):
        for one in value:
            own_memory(one)
    return value


def lazy_clone_works() -> bool:
    """Whether this torch has copy-on-write clones that behave: tried once, on a small tensor."""
    try:
        with quiet():
            tensor = torch.arange(8.0)
            before = address_of(tensor)
            snapshot = lazy_clone(tensor)
            same = address_of(tensor) == before == address_of(snapshot)
            tensor.view(2, 4)[1].fill_(-1.0)
            moved = address_of(tensor) != before == address_of(snapshot)
            return bool(same and moved and snapshot.sum() == 28.0 and tensor.sum() == 2.0)
    except (AttributeError, TypeError, RuntimeError, NotImplementedError):
        return False
