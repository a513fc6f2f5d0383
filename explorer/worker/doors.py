"""Ways out of torch's sight: calls that hand a tensor's memory to others, or exchange it.

A snapshot shares memory with its tensor until one of the two is written. Memory that others hold
too must not be shared so, and memory that is about to change its size must be made the tensor's
own first. The functions here do that and then call torch's own.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.tensors import Tensors

_C: Any = torch._C  # what is private there has no types
_Storage = torch.UntypedStorage
_tensor_data_ptr = torch.Tensor.data_ptr
_storage_data_ptr = _Storage.data_ptr

EXPORTS = ("numpy", "__dlpack__")
RESIZES = ("resize_", "resize_as_", "addbmm_")
SHARES = ("_share_fd_cpu_", "_share_filename_cpu_")


Watch = Callable[..., Callable[[], None] | None]
"""Called with the arguments before the door; what it returns is called after it."""


class Doors:
    """Stands in the doors from `install` to `remove`."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self._plain: list[tuple[Any, str, Any, bool]] = []

    def install(self) -> None:
        """Put a watch at every door."""
        tensor, storage = torch.Tensor, _Storage
        for name in EXPORTS:
            self._watch(tensor, name, self._exported)
        for name in RESIZES:
            self._watch(tensor, name, self._resized)
        self._watch(tensor, "set_", self._exchanged)
        self._watch(tensor, "data_ptr", self._asked)
        self._watch(storage, "data_ptr", self._asked_storage)
        self._watch(storage, "resize_", self._resized_storage)
        for name in SHARES:
            self._watch(storage, name, self._shared)
        for module in (torch.utils, torch.utils.dlpack, torch):
            for name in ("swap_tensors", "to_dlpack"):
                if hasattr(module, name):
                    watch: Watch = self._swap if name == "swap_tensors" else self._exported
                    self._watch(module, name, watch)

    def remove(self) -> None:
        """Give torch its own functions back."""
        for owner, name, plain, own in reversed(self._plain):
            if own:
                setattr(owner, name, plain)
            else:
                delattr(owner, name)
        self._plain.clear()

    def _watch(self, owner: Any, name: str, watch: Watch) -> None:
        plain = getattr(owner, name)
        self._plain.append((owner, name, plain, name in vars(owner)))

        @functools.wraps(plain)
        def door(*args: Any, **kwargs: Any) -> Any:
            done = None
            with contextlib.suppress(Exception):  # torch itself must say what is wrong with args
                done = watch(*args)
            try:
                return plain(*args, **kwargs)
            finally:
                if done is not None:
                    done()

        setattr(owner, name, door)

    # What happens at each door; what is returned is called when torch's own function has returned.

    def _exported(self, tensor: torch.Tensor, *_: Any) -> None:
        _tensor_data_ptr(tensor)
        self._tensors.snapshots.export(tensor, "numpy")
        self._tensors.memory_was_shared()

    def _asked(self, tensor: torch.Tensor) -> None:
        if not _called_by_torch():
            self._tensors.snapshots.export(tensor, "")
            self._tensors.memory_was_shared()

    def _asked_storage(self, storage: Any) -> None:
        if not _called_by_torch():
            self._tensors.snapshots.export_object(storage._cdata, "")
            self._tensors.memory_was_shared()

    def _resized(self, tensor: torch.Tensor, *_: Any) -> None:
        _tensor_data_ptr(tensor)
        self._tensors.dirty = True

    def _resized_storage(self, storage: Any, *_: Any) -> None:
        _storage_data_ptr(storage)
        self._tensors.dirty = True

    def _exchanged(self, tensor: torch.Tensor, *_: Any) -> None:
        self._tensors.dirty = True

    def _shared(self, storage: Any, *_: Any) -> None:
        _storage_data_ptr(storage)
        self._tensors.snapshots.export_object(storage._cdata, "shared")
        self._tensors.memory_was_shared()

    def _swap(self, one: torch.Tensor, other: torch.Tensor) -> Callable[[], None]:
        """torch refuses to swap tensors that weak references lead to: ours step aside."""
        return self._tensors.let_go((one, other))


def own_memory(value: Any) -> Any:
    """Make the memory of a tensor its own, before an operation may resize it; gives it back."""
    if isinstance(value, torch.Tensor):
        try:
            if _C._is_cow_tensor(value):
                _tensor_data_ptr(value)
        except RuntimeError:
            return value  # it has no memory of its own
    elif isinstance(value, (tuple, list)):
        for one in value:
            own_memory(one)
    return value


def _called_by_torch() -> bool:
    """Whether torch's own code asks for an address: it compares addresses, and keeps none."""
    caller = sys._getframe(3).f_globals.get("__name__", "")
    return isinstance(caller, str) and caller.partition(".")[0] == "torch"
