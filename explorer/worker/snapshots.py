"""What each storage held, kept once per change."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.quiet import quiet

_address = torch._C._data_address
"""Where the storage of a tensor begins (its storage offset is not added); reading it copies
nothing."""

LAZY, COPY, WHOLE, NOTHING = "lazy", "copy", "whole", "nothing"
"""How a storage is kept: torch's copy-on-write clone; a copy of its bytes, compared each time;
a clone of a tensor that has no plain storage (sparse and the like); not at all (meta)."""


class ContentGone(LookupError):
    """A content that is not held (any more); its text is one sentence for people."""


class Storage:
    """One storage of the program, with the newest snapshot of it."""

    __slots__ = ("address", "certain", "content", "id", "nbytes", "ref", "snapshot", "way")

    def __init__(self, number: int, ref: Any, nbytes: int, way: str) -> None:
        self.id = number
        self.ref = ref
        self.nbytes = nbytes
        self.way = way
        self.content = 0
        self.address = 0
        self.certain = 0
        self.snapshot: torch.Tensor | None = None

    def row(self) -> tuple[int, int, int, int]:
        """(storage, content, bytes, certainty) as `StepChange` carries it."""
        return self.id, self.content, self.nbytes, self.certain


class Snapshots:
    """The contents of all storages of a run. Made on the program's thread, read from any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._storages: dict[Any, Storage] = {}
        self._contents: dict[int, torch.Tensor] = {}
        self._count = 0
        self._last_content = 0
        self.lazy = lazy_clone_works()
        self.exported: Callable[[torch.Tensor], bool] = lambda tensor: False

    def storage_of(self, tensor: torch.Tensor) -> Storage:
        """The record of a tensor's storage, made when it is seen for the first time."""
        if tensor.layout is not torch.strided or _has_no_storage(tensor):
            return self._whole(tensor)
        storage = tensor.untyped_storage()
        key = storage._cdata
        known = self._storages.get(key)
        if known is not None and known.ref() is storage:
            return known
        self._count += 1
        ref = weakref.ref(storage)
        way = LAZY if self.lazy and tensor.device.type == "cpu" else COPY
        nbytes = storage.nbytes()
        if tensor.device.type == "meta" or nbytes == 0:
            way = NOTHING
        made = Storage(self._count, ref, nbytes, way)
        self._storages[key] = made
        return made

    def _whole(self, tensor: torch.Tensor) -> Storage:
        key = ("tensor", id(tensor))
        known = self._storages.get(key)
        if known is not None and known.ref() is tensor:
            return known
        self._count += 1
        made = Storage(self._count, weakref.ref(tensor), 0, WHOLE)
        self._storages[key] = made
        return made

    def look(self, storage: Storage, tensor: torch.Tensor) -> bool:
        """Keep what ``storage`` holds now, seen through ``tensor``; tell whether it is new."""
        if storage.way is LAZY:
            address = _address(tensor)
            if address == storage.address and storage.snapshot is not None:
                return False
            return self._keep_lazily(storage, tensor, address)
        if storage.way is COPY:
            return self._keep_copy(storage, tensor)
        if storage.way is WHOLE:
            return self._keep_whole(storage, tensor)
        return self._keep_nothing(storage, tensor)

    def _keep_lazily(self, storage: Storage, tensor: torch.Tensor, address: int) -> bool:
        try:
            snapshot = torch._lazy_clone(tensor)
        except (RuntimeError, NotImplementedError):
            storage.way = COPY  # memory that is not torch's own: NumPy's, shared, mapped
            return self._keep_copy(storage, tensor)
        storage.address = address
        self._keep(storage, snapshot)
        return True

    def _keep_copy(self, storage: Storage, tensor: torch.Tensor) -> bool:
        now = bytes_of(tensor)
        storage.nbytes = now.numel()
        before = storage.snapshot
        if before is not None and before.numel() == now.numel() and torch.equal(before, now):
            return False
        self._keep(storage, now.clone())
        return True

    def _keep_whole(self, storage: Storage, tensor: torch.Tensor) -> bool:
        before = storage.snapshot
        if before is not None and _same_whole(before, tensor):
            return False
        kept = tensor.detach().clone()
        storage.nbytes = sum(part.numel() * part.element_size() for part in _parts(kept))
        self._keep(storage, kept)
        return True

    def _keep_nothing(self, storage: Storage, tensor: torch.Tensor) -> bool:
        nbytes = tensor.untyped_storage().nbytes()
        if tensor.device.type != "meta" and nbytes:
            storage.way = LAZY if self.lazy and tensor.device.type == "cpu" else COPY
            storage.nbytes = nbytes
            return self.look(storage, tensor)
        if storage.address:
            return False
        storage.address = 1
        if tensor.device.type != "meta":
            self._keep(storage, torch.empty(0, dtype=torch.uint8))
        return True

    def _keep(self, storage: Storage, snapshot: torch.Tensor) -> None:
        self._last_content += 1
        storage.content = self._last_content
        storage.snapshot = snapshot
        with self._lock:
            self._contents[storage.content] = snapshot

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
        with self._lock:
            held = self._contents.get(content)
        if held is None:
            raise ContentGone("What this tensor held at that step was not kept.")
        if held.layout is not torch.strided or _has_no_storage(held):
            return held
        with quiet():
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
            before = _address(tensor)
            snapshot = torch._lazy_clone(tensor)
            same = _address(tensor) == before == _address(snapshot)
            tensor.view(2, 4)[1].fill_(-1.0)
            moved = _address(tensor) != before == _address(snapshot)
            return bool(same and moved and snapshot.sum() == 28.0 and tensor.sum() == 2.0)
    except (AttributeError, RuntimeError, NotImplementedError):
        return False


def _has_no_storage(tensor: torch.Tensor) -> bool:
    return tensor.is_quantized or tensor.is_nested


def _parts(tensor: torch.Tensor) -> list[torch.Tensor]:
    """The plain tensors that a tensor without plain storage is made of."""
    if tensor.layout is torch.sparse_coo:
        return [tensor._indices(), tensor._values()]
    if tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        return [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    if tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
        return [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
    if tensor.is_quantized:
        return [tensor.int_repr()]
    if tensor.is_nested:
        return [tensor.values()] if tensor.layout is torch.jagged else list(tensor.unbind())
    return [tensor.to_dense()]


def _same_whole(one: torch.Tensor, other: torch.Tensor) -> bool:
    mine, others = _parts(one), _parts(other)
    return len(mine) == len(others) and all(
        a.shape == b.shape and torch.equal(bytes_of(a.contiguous()), bytes_of(b.contiguous()))
        for a, b in zip(mine, others, strict=True)
    )
