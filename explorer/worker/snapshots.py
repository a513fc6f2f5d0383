"""What each storage held, kept once per change.

Storages and contents are numbered from 1; what is known of them stands in columns. A storage is
found by the address of its memory: as long as the newest snapshot of it is held, no other storage
can lie there. The Python object of a storage of the program is never asked for: once it exists,
autograd no longer adds into that storage in place.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.quiet import quiet
from explorer.worker.whole import clone_whole, has_plain_storage, same_whole

_C: Any = torch._C  # what is private there has no types

address_of = _C._data_address
"""Where the memory of a tensor's storage begins (its storage offset is not added); reading it
copies nothing."""

object_of = _C._storage_address
"""Where torch keeps the storage object of a tensor: two tensors share one or not."""

_lazy_clone: Any = getattr(torch, "_lazy_clone", None)

LAZY, COPY, WHOLE, NOTHING, BESIDE = 1, 2, 3, 4, 5
"""How a storage is kept: torch's copy-on-write clone; a copy of its bytes, compared each time;
a clone of a tensor that has no plain storage (sparse and the like); not at all (meta, empty);
written to disk at once, or not at all, because memory has no room for a copy."""

OVERHEAD = 640
"""Bytes that a tensor takes besides its numbers: measured over many small ones."""


class ContentGone(LookupError):
    """A content that is not held (any more); its text is one sentence for people."""


class Snapshots:
    """The contents of all storages of a run. Made on the program's thread, read from any."""

    def __init__(self) -> None:
        self.lazy = lazy_clone_works()
        self.contents: list[Any] = [None]
        """Content id -> a tensor over it; where it lies on disk; a number below 0 when it was
        dropped (`reason_of` says why); None when it was never held."""
        self.kept = 0
        """Bytes of all contents that were ever kept in memory."""
        self.crowded_at = 1 << 62
        """`make_room` is called when `kept` has passed this."""
        self.make_room: Callable[[], None] = lambda: None
        self.read_spilled: Callable[[int], torch.Tensor | None] = lambda place: None
        self.same_on_disk: Callable[[int, torch.Tensor], bool] = lambda place, tensor: False
        self.keep_on_disk: Callable[[int, torch.Tensor], None] = lambda content, tensor: None
        self.reason_of: Callable[[int], str] = lambda reason: ""
        self.ways_changed: Callable[[], None] = lambda: None
        """Called when some storages have come to be kept `BESIDE`."""
        self.replaced: deque[int] = deque()
        """Contents that their storages hold no more, until their memory has been counted."""
        self.rewritten: set[int] = set()
        """Storages that have held more than one content."""
        self._unwatched: set[int] = set()
        """Storages that others than torch may write into, of those kept `BESIDE`."""
        self.address: list[int] = [0]
        self.object: list[int] = [0]
        self.content: list[int] = [0]
        self.nbytes: list[int] = [0]
        self.way: list[int] = [NOTHING]
        self.first: list[Any] = [None]
        """Storage id -> weak reference to the tensor that was first seen in it."""
        self.aliased: set[int] = set()
        """Storages in which more than one tensor was seen."""
        self.uncertain: set[int] = set()
        """Storages that other processes may write into."""
        self.marks: dict[int, tuple[str, ...]] = {}
        """Storage id -> what its tensors' cards say of it: ``numpy``, ``shared``."""
        self._exported: dict[int, str] = {}
        self.is_alive: Callable[[int], bool] = lambda storage: False
        """Whether a tensor of the program that is known to lie in this storage still does."""
        self.at_address: dict[int, int] = {}
        self._at_object: dict[int, int] = {}

    def row(self, storage: int) -> tuple[int, int, int, int]:
        """(storage, content, bytes, certainty) as `StepChange` carries it."""
        return storage, self.content[storage], self.nbytes[storage], storage in self.uncertain

    # Which storage.

    def find(self, tensor: torch.Tensor, known: int = 0) -> int:
        """The storage id of a tensor, given when it is seen for the first time.

        ``known`` is the storage that the tensor had when it was last looked at.
        """
        if not has_plain_storage(tensor):
            if not known:
                known = self._add(0, 0, WHOLE)  # never shared
                self.first[known] = weakref.ref(tensor)
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
                self.first[storage] = weakref.ref(tensor)
                return storage
        self.aliased.add(storage)
        return storage

    def _way_for(self, tensor: torch.Tensor, address: int) -> int:
        if address == 0:
            return NOTHING
        if object_of(tensor) in self._exported:
            return COPY
        return LAZY if self.lazy and tensor.device.type == "cpu" else COPY

    def export(self, tensor: torch.Tensor, to: str) -> None:
        """Others than torch hold the memory of this tensor from now on: ``numpy``, ``shared``
        (other processes), or empty when it is not known who."""
        if has_plain_storage(tensor):
            self.export_object(object_of(tensor), to)

    def export_object(self, place: int, to: str) -> None:
        """The same for a storage object of torch."""
        self._exported[place] = to
        storage = self._at_object.get(place, 0)
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

    # What it holds.

    def keep_result(
        self, tensor: torch.Tensor, address: int, of_operator: bool
    ) -> tuple[int, int, int, int] | None:
        """Keep a new tensor on memory that is not known yet: its content row, as in `row`.

        ``of_operator``: an operator made that memory, just as large as it needs. None when it
        cannot be kept lazily.
        """
        if not self.lazy:
            return None
        place = object_of(tensor)
        if of_operator:
            snapshot, nbytes = _lazy_clone(tensor), tensor.nbytes
            if self._exported:
                self._exported.pop(place, None)  # that was another storage at the same place
        else:
            storage = self._at_object.get(place, 0)
            if place in self._exported or (storage and self.is_alive(storage)):
                return None
            try:
                snapshot = _lazy_clone(tensor)
            except (RuntimeError, NotImplementedError):
                return None
            held = snapshot.untyped_storage()
            nbytes = held.nbytes()
            if not held.resizable():
                return None
        storage, content = len(self.address), len(self.contents)
        self.content.append(content)
        self.contents.append(snapshot)
        self.address.append(address)
        self.object.append(place)
        self.nbytes.append(nbytes)
        self.way.append(LAZY)
        self.at_address[address] = self._at_object[place] = storage
        self.kept += nbytes + OVERHEAD
        if self.kept > self.crowded_at:
            self.first.append(weakref.ref(tensor))
            self.make_room()
            self.first.pop()
        return storage, content, nbytes, 0

    def look(self, storage: int, tensor: torch.Tensor, written: bool) -> bool:
        """Keep what ``storage`` holds now, seen through ``tensor``; tell whether it is new.

        ``written`` is whether torch counted a write since the last look. Memory that has moved
        without one may hold what it held: something asked for its address.
        """
        way = self.way[storage]
        if way == LAZY:
            address = address_of(tensor)
            if address == self.address[storage]:
                return False
            return self._keep_lazily(storage, tensor, address, written)
        if way == COPY:
            return self._keep_copy(storage, tensor)
        if way == WHOLE:
            return self._keep_whole(storage, tensor)
        if way == BESIDE:
            return self._keep_beside(storage, tensor, written)
        return self._keep_nothing(storage, tensor)

    def _keep_lazily(self, storage: int, tensor: torch.Tensor, address: int, written: bool) -> bool:
        # The clone of a conjugated or negated view holds turned numbers; its storage does not.
        turned = tensor.is_conj() or tensor.is_neg()
        try:
            snapshot = torch._lazy_clone(bytes_of(tensor) if turned else tensor)
        except (RuntimeError, NotImplementedError):
            self.way[storage] = COPY  # memory that is not torch's own: NumPy's, shared, mapped
            is_shared: Any = tensor.is_shared
            self._mark(storage, "shared" if is_shared() else "numpy")
            return self._keep_copy(storage, tensor)
        held = snapshot.untyped_storage()
        if not held.resizable():
            # Memory without an allocator (loaded from a file): a write into a lazy clone of it
            # would crash. Dropping the only clone gives the memory back untouched.
            del held, snapshot
            self.way[storage] = COPY
            return self._keep_copy(storage, tensor)
        self._moved(storage, address)
        self.nbytes[storage] = held.nbytes()
        before = self.contents[self.content[storage]]
        if isinstance(before, torch.Tensor) and not written and _same_bytes(before, snapshot):
            self.contents[self.content[storage]] = snapshot
            return False
        self._keep(storage, snapshot)
        return True

    def _moved(self, storage: int, address: int) -> None:
        if self.at_address.get(self.address[storage]) == storage:
            del self.at_address[self.address[storage]]
        self.at_address[address] = storage
        self.address[storage] = address

    def _keep_copy(self, storage: int, tensor: torch.Tensor) -> bool:
        now = bytes_of(tensor)
        self._moved(storage, address_of(tensor))
        self.nbytes[storage] = now.numel()
        before = self.contents[self.content[storage]]
        if isinstance(before, torch.Tensor) and _same_bytes(before, now):
            return False
        self._keep(storage, now.clone())
        return True

    def _keep_whole(self, storage: int, tensor: torch.Tensor) -> bool:
        before = self.contents[self.content[storage]]
        if isinstance(before, torch.Tensor) and same_whole(before, tensor):
            return False
        kept, nbytes = clone_whole(tensor)
        self.nbytes[storage] = nbytes
        self._keep(storage, kept)
        return True

    def _keep_nothing(self, storage: int, tensor: torch.Tensor) -> bool:
        address = address_of(tensor)
        if address:
            self.way[storage] = self._way_for(tensor, address)
            return self.look(storage, tensor, True)
        if tensor.device.type == "meta":
            before = self.nbytes[storage]
            self.nbytes[storage] = tensor.untyped_storage().nbytes()
            return self.nbytes[storage] != before
        if self.content[storage]:
            return False
        self._keep(storage, torch.empty(0, dtype=torch.uint8))
        return True

    def _keep_beside(self, storage: int, tensor: torch.Tensor, written: bool) -> bool:
        """``tensor`` is only read through a snapshot that is let go at once."""
        shared = storage in self._unwatched
        bare = bytes_of(tensor) if shared else self._passing(tensor)
        address, nbytes = address_of(tensor), bare.untyped_storage().nbytes()
        moved = address != self.address[storage] or nbytes != self.nbytes[storage]
        place = self.contents[self.content[storage]]
        on_disk = type(place) is int and place >= 0
        if not (written or moved or (on_disk and shared)):
            return False
        if on_disk and not moved and self.same_on_disk(place, bare):
            return False
        self._moved(storage, address)
        self.nbytes[storage] = nbytes
        self.content[storage] = len(self.contents)
        self.contents.append(None)
        self.keep_on_disk(self.content[storage], bare)
        return True

    def _passing(self, tensor: torch.Tensor) -> torch.Tensor:
        """A tensor over the same storage that asks for no Python object of it."""
        if self.lazy and not (tensor.is_conj() or tensor.is_neg()):
            try:
                return torch._lazy_clone(tensor)
            except (RuntimeError, NotImplementedError):
                pass  # memory that is not torch's own
        return bytes_of(tensor)

    def _keep(self, storage: int, snapshot: torch.Tensor) -> None:
        before = self.content[storage]
        if before:
            self.replaced.append(before)
            self.rewritten.add(storage)
        self.content[storage] = len(self.contents)
        self.contents.append(snapshot)
        self.kept += self.nbytes[storage] + OVERHEAD
        if self.kept > self.crowded_at:
            self.make_room()

    # Memory.

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
        self.aliased.discard(storage)
        self.rewritten.discard(storage)

    def set_beside(self, storage: int) -> None:
        """Keep this storage without a snapshot in memory from now on."""
        if self.way[storage] == COPY:
            self._unwatched.add(storage)
        self.way[storage] = BESIDE
        if self.at_address.get(self.address[storage]) == storage:
            del self.at_address[self.address[storage]]
        self.uncertain.add(storage)
        self.ways_changed()

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
        with quiet():
            held = self._held(content)
            if not has_plain_storage(held):
                return held
            empty = torch.empty(0, dtype=getattr(torch, dtype), device=held.device)
            storage = held.untyped_storage()
            last = sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
            if all(shape) and (offset + last + 1) * empty.element_size() > storage.nbytes():
                raise ContentGone(
                    "Its storage has become too small for it."
                    if storage.nbytes()
                    else "It has a shape, but no memory of its own."
                )
            return empty.set_(storage, offset, shape, stride)

    def _held(self, content: int) -> torch.Tensor:
        held = self.contents[content] if 0 < content < len(self.contents) else None
        if type(held) is not int:
            if held is None:
                raise ContentGone("What this tensor held at that step was not kept.")
            return held  # type: ignore[no-any-return]
        if held < 0:
            raise ContentGone(self.reason_of(held))
        try:
            found = self.read_spilled(held)
        except OSError as err:
            raise ContentGone(f"What was kept of it on disk cannot be read: {err}.") from err
        if found is None:
            raise ContentGone("What was kept of it on disk has just been dropped.")
        return found


def bytes_of(tensor: torch.Tensor) -> torch.Tensor:
    """The whole storage of a tensor as uint8, in the same memory."""
    storage = tensor.untyped_storage()
    empty = torch.empty(0, dtype=torch.uint8, device=storage.device)
    return empty.set_(storage, 0, (storage.nbytes(),), (1,))


def _same_bytes(before: torch.Tensor, now: torch.Tensor) -> bool:
    """Whether two snapshots hold the same, bit by bit."""
    one, other = bytes_of(before), bytes_of(now)
    return one.numel() == other.numel() and torch.equal(one, other)


def lazy_clone_works() -> bool:
    """Whether this torch has copy-on-write clones that behave: tried once, on a small tensor."""
    try:
        with quiet():
            tensor = torch.arange(8.0)
            before = address_of(tensor)
            snapshot = _lazy_clone(tensor)
            same = address_of(tensor) == before == address_of(snapshot)
            tensor.view(2, 4)[1].fill_(-1.0)
            moved = address_of(tensor) != before == address_of(snapshot)
            return bool(same and moved and snapshot.sum() == 28.0 and tensor.sum() == 2.0)
    except (AttributeError, TypeError, RuntimeError, NotImplementedError):
        return False
