"""What each storage held, kept once per change.

Storages and contents are numbered from 1; what is known of them stands in columns. A storage is
found by the address of its memory: as long as the newest snapshot of it is held, no other storage
can lie there.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any

import torch

from explorer.worker.quiet import quiet
from explorer.worker.whole import clone_whole, has_plain_storage, same_whole

address_of = torch._C._data_address
"""Where the storage of a tensor begins (its storage offset is not added); reading it copies
nothing."""

LAZY, COPY, WHOLE, NOTHING = 1, 2, 3, 4
"""How a storage is kept: torch's copy-on-write clone; a copy of its bytes, compared each time;
a clone of a tensor that has no plain storage (sparse and the like); not at all (meta, empty)."""


class ContentGone(LookupError):
    """A content that is not held (any more); its text is one sentence for people."""


class Snapshots:
    """The contents of all storages of a run. Made on the program's thread, read from any."""

    def __init__(self) -> None:
        self.lazy = lazy_clone_works()
        self.contents: list[torch.Tensor | None] = [None]
        """Content id -> a tensor over it, None when it is not held."""
        self.address: list[int] = [0]
        self.content: list[int] = [0]
        self.nbytes: list[int] = [0]
        self.way: list[int] = [NOTHING]
        self.certainty: list[int] = [0]
        self._refs: list[Any] = [None]
        """Storage id -> weak reference to the storage (for `WHOLE` ways to the tensor); None for
        storages of fresh results, which nothing but a write can have moved."""
        self.at_address: dict[int, int] = {}
        self._by_object: dict[int, int] = {}
        self._lock = threading.Lock()

    def row(self, storage: int) -> tuple[int, int, int, int]:
        """(storage, content, bytes, certainty) as `StepChange` carries it."""
        return storage, self.content[storage], self.nbytes[storage], self.certainty[storage]

    # Which storage.

    def storage_of(self, tensor: torch.Tensor, known: int = 0) -> int:
        """The storage id of a tensor, given when it is seen for the first time.

        ``known`` is the storage that the tensor had when it was last looked at.
        """
        if not has_plain_storage(tensor):
            return self._by_identity(tensor, WHOLE)
        address = address_of(tensor)
        if address == 0:
            return self._by_identity(tensor.untyped_storage(), NOTHING)
        if known and self.address[known] == address and self.way[known] == LAZY:
            return known
        storage = self.at_address.get(address, 0)
        if storage and (self.way[storage] == LAZY or self._refs[storage]() is not None):
            return storage
        held = tensor.untyped_storage()
        if known and self.way[known] in (LAZY, COPY):
            ref = self._refs[known]
            if ref is None or ref() is held:
                return known  # written into, which moved it
        return self._add(weakref.ref(held), held.nbytes(), self._way_for(tensor), address)

    def _by_identity(self, held: Any, way: int) -> int:
        storage = self._by_object.get(id(held), 0)
        if not storage or self._refs[storage]() is not held:
            storage = self._add(weakref.ref(held), 0, way, 0)
            self._by_object[id(held)] = storage
        return storage

    def _way_for(self, tensor: torch.Tensor) -> int:
        return LAZY if self.lazy and tensor.device.type == "cpu" else COPY

    def _add(self, ref: Any, nbytes: int, way: int, address: int) -> int:
        storage = len(self.address)
        self.address.append(0)
        self.content.append(0)
        self.nbytes.append(nbytes)
        self.way.append(way)
        self.certainty.append(0)
        self._refs.append(ref)
        if address:
            self.at_address[address] = storage
        return storage

    # What it holds.

    def fresh(self, tensor: torch.Tensor, address: int, nbytes: int) -> int:
        """Keep the result of an operation that made new memory; the storage id.

        Raises:
            RuntimeError: when its memory cannot be kept lazily.
        """
        snapshot = torch._lazy_clone(tensor)
        storage = len(self.address)
        self.content.append(len(self.contents))
        self.contents.append(snapshot)
        self.address.append(address)
        self.nbytes.append(nbytes)
        self.way.append(LAZY)
        self.certainty.append(0)
        self._refs.append(None)
        self.at_address[address] = storage
        return storage

    def look(self, storage: int, tensor: torch.Tensor) -> bool:
        """Keep what ``storage`` holds now, seen through ``tensor``; tell whether it is new."""
        way = self.way[storage]
        if way == LAZY:
            address = address_of(tensor)
            if address == self.address[storage]:
                return False
            return self._keep_lazily(storage, tensor, address)
        if way == COPY:
            return self._keep_copy(storage, tensor)
        if way == WHOLE:
            return self._keep_whole(storage, tensor)
        return self._keep_nothing(storage, tensor)

    def _keep_lazily(self, storage: int, tensor: torch.Tensor, address: int) -> bool:
        try:
            snapshot = torch._lazy_clone(tensor)
        except (RuntimeError, NotImplementedError):
            self.way[storage] = COPY  # memory that is not torch's own: NumPy's, shared, mapped
            return self._keep_copy(storage, tensor)
        before = self.address[storage]
        if before:
            self.at_address.pop(before, None)
            self.nbytes[storage] = tensor.untyped_storage().nbytes()
        self.at_address[address] = storage
        self.address[storage] = address
        self._keep(storage, snapshot)
        return True

    def _keep_copy(self, storage: int, tensor: torch.Tensor) -> bool:
        now = bytes_of(tensor)
        address = address_of(tensor)
        if self.address[storage] != address:
            self.at_address.pop(self.address[storage], None)
            self.at_address[address] = storage
            self.address[storage] = address
            self._refs[storage] = weakref.ref(tensor.untyped_storage())
        before = self.contents[self.content[storage]]
        if before is not None and before.numel() == now.numel() and torch.equal(before, now):
            return False
        self.nbytes[storage] = now.numel()
        self._keep(storage, now.clone())
        return True

    def _keep_whole(self, storage: int, tensor: torch.Tensor) -> bool:
        before = self.contents[self.content[storage]]
        if before is not None and same_whole(before, tensor):
            return False
        kept, nbytes = clone_whole(tensor)
        self.nbytes[storage] = nbytes
        self._keep(storage, kept)
        return True

    def _keep_nothing(self, storage: int, tensor: torch.Tensor) -> bool:
        if self.content[storage] or tensor.device.type == "meta":
            self.nbytes[storage] = tensor.untyped_storage().nbytes()
            return False
        self._keep(storage, torch.empty(0, dtype=torch.uint8))
        return True

    def _keep(self, storage: int, snapshot: torch.Tensor) -> None:
        self.content[storage] = len(self.contents)
        self.contents.append(snapshot)

    # Reading.

    def tensor_of(
        self,
        content: int,
        dtype: str,
        shape: tuple[int, ...],
        stride: tuple[int, ...],
        offset: int,
    ) -> torch.Tensor:
        """A tensor over a content, never a copy; it must not be written into.

        For a tensor without plain storage (sparse, quantized) the clone of it, whatever the
        other arguments say.

        Raises:
            ContentGone: when the content was not kept or has been dropped.
        """
        held = self.contents[content] if 0 < content < len(self.contents) else None
        if held is None:
            raise ContentGone("What this tensor held at that step was not kept.")
        with quiet():
            if not has_plain_storage(held):
                return held
            empty = torch.empty(0, dtype=getattr(torch, dtype), device=held.device)
            return empty.set_(held.untyped_storage(), offset, shape, stride)


def bytes_of(tensor: torch.Tensor) -> torch.Tensor:
    """The whole storage of a tensor as uint8, in the same memory."""
    storage = tensor.untyped_storage()
    empty = torch.empty(0, dtype=torch.uint8, device=storage.device)
    return empty.set_(storage, 0, (storage.nbytes(),), (1,))


def lazy_clone_works() -> bool:
    """Whether this torch has copy-on-write clones that behave: tried once, on a small tensor."""
    try:
        with quiet():
            tensor = torch.arange(8.0)
            before = address_of(tensor)
            snapshot = torch._lazy_clone(tensor)
            same = address_of(tensor) == before == address_of(snapshot)
            tensor.view(2, 4)[1].fill_(-1.0)
            moved = address_of(tensor) != before == address_of(snapshot)
            return bool(same and moved and snapshot.sum() == 28.0 and tensor.sum() == 2.0)
    except (AttributeError, RuntimeError, NotImplementedError):
        return False
