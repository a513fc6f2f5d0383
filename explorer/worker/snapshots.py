"""What each storage held, kept once per change.

Contents are numbered from 1. Each is a snapshot in memory until room is needed; then its bytes lie
on disk, or it is dropped.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.program.concealed import UNCOUNTED
from explorer.worker.quiet import quiet
from explorer.worker.recording.storages import BESIDE as BESIDE
from explorer.worker.recording.storages import COPY as COPY
from explorer.worker.recording.storages import LAZY as LAZY
from explorer.worker.recording.storages import WHOLE, Storages, bytes_of, lazy_clone, set_memory
from explorer.worker.recording.storages import address_of as address_of
from explorer.worker.recording.storages import object_of as object_of
from explorer.worker.recording.whole import clone_whole, has_plain_storage, same_whole, unpacked

OVERHEAD = 640
"""Bytes that a tensor takes besides its numbers: measured over many small ones."""


class ContentGone(LookupError):
    """A content that is not held (any more); its text is one sentence for people."""


class Snapshots(Storages):
    """The contents of all storages of a run. Made on the program's thread, read from any."""

    def __init__(self) -> None:
        super().__init__()
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
        self.packed: set[int] = set()
        """Contents without plain storage that are on disk."""
        self.replaced: deque[int] = deque()
        """Contents that their storages hold no more, until their memory has been counted."""

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
            snapshot, nbytes = lazy_clone(tensor), tensor.nbytes
            if self._exported:
                self._exported.pop(place, None)  # that was another storage at the same place
        else:
            storage = self._at_object.get(place, 0)
            if place in self._exported or (storage and self.is_alive(storage)):
                return None
            try:
                snapshot = lazy_clone(tensor)
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
            self._make_room_for(tensor)
        return storage, content, nbytes, int(storage in self.uncertain)

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

    def _make_room_for(self, tensor: torch.Tensor) -> None:
        """Make room while the storage of ``tensor`` has no first tensor yet."""
        self.first.append(weakref.ref(tensor, UNCOUNTED))
        self.make_room()
        self.first.pop()

    def keep_rewritten(self, storage: int, tensor: torch.Tensor) -> bool:
        """The same of a storage that is kept lazily and was written, and in which no tensor but
        this one is known to lie, which is as it was: so it is as large as it was. False when that
        has to be looked at."""
        address = address_of(tensor)
        if address == self.address[storage]:
            return False
        try:
            snapshot = lazy_clone(tensor)
        except (RuntimeError, NotImplementedError):
            return False
        self._moved(storage, address)
        self._keep(storage, snapshot)
        return True

    def _keep_lazily(self, storage: int, tensor: torch.Tensor, address: int, written: bool) -> bool:
        # The clone of a conjugated or negated view holds turned numbers; its storage does not.
        turned = tensor.is_conj() or tensor.is_neg()
        try:
            snapshot = lazy_clone(bytes_of(tensor) if turned else tensor)
        except (RuntimeError, NotImplementedError):
            self.way[storage] = COPY  # memory that is not torch's own: NumPy's, shared, mapped
            is_shared: Any = tensor.is_shared
            self._mark(storage, "shared" if is_shared() else "numpy")
            self.refer_to(tensor)
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
        if storage in self._parted:
            self._parted.discard(storage)
            if tensor.device.type == "cpu":
                self.way[storage] = LAZY
                return self._keep_lazily(storage, tensor, address_of(tensor), False)
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
        compared = storage in self._unwatched
        bare = self._passing(storage, tensor)
        address, nbytes = address_of(tensor), bare.untyped_storage().nbytes()
        moved = address != self.address[storage] or nbytes != self.nbytes[storage]
        place = self.contents[self.content[storage]]
        on_disk = type(place) is int and place >= 0
        doubted = storage in self._doubted
        self._doubted.discard(storage)
        if not (written or moved or (on_disk and compared)):
            return doubted
        if on_disk and not moved and self.same_on_disk(place, bare):
            return doubted
        self._moved(storage, address)
        self.nbytes[storage] = nbytes
        self.content[storage] = len(self.contents)
        self.contents.append(None)
        self.keep_on_disk(self.content[storage], bare)
        return True

    def _passing(self, storage: int, tensor: torch.Tensor) -> torch.Tensor:
        """A tensor over the same storage; where the memory is torch's alone, one that asks for no
        Python object of it."""
        foreign = storage in self.marks or self.object[storage] in self._exported
        if self.lazy and not (foreign or tensor.is_conj() or tensor.is_neg()):
            try:
                clone: torch.Tensor = lazy_clone(tensor)
                return clone
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
            if content in self.packed or not has_plain_storage(held):
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
            made: torch.Tensor = set_memory(empty, storage, offset, shape, stride)
            return made

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
        return unpacked(found) if content in self.packed else found


def _same_bytes(before: torch.Tensor, now: torch.Tensor) -> bool:
    """Whether two snapshots hold the same, bit by bit."""
    one, other = bytes_of(before), bytes_of(now)
    return one.numel() == other.numel() and torch.equal(one, other)
