"""Ways out of torch's sight: calls that hand a tensor's memory to others, or exchange it.

A snapshot shares memory with its tensor until one of the two is written. Memory that others hold
too must not be shared so, and memory that is about to change its size must be made the tensor's
own first. The functions here do that and then call torch's own.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType
from typing import Any

import torch
from torch.ao.quantization import fake_quantize

from explorer.worker.program.aside import profile_function as _profile
from explorer.worker.program.aside import set_aside
from explorer.worker.program.aside import trace_function as _trace
from explorer.worker.program.stand_ins import builtin_like, call_before
from explorer.worker.program.threads import starters
from explorer.worker.quiet import function_modes, in_the_way, profiling, quiet, unprofiled
from explorer.worker.recording.storages import own_memory
from explorer.worker.recording.tensors import Tensors

_C: Any = torch._C  # what is private there has no types
_Storage = torch.UntypedStorage
_tensor_data_ptr = torch.Tensor.data_ptr
_storage_data_ptr = _Storage.data_ptr

_modes: Callable[[], list[Any]] = torch.overrides._get_current_function_mode_stack
_dlpack: Any = torch.utils.dlpack
_to_dlpack = _dlpack.to_dlpack

_observed: Any = fake_quantize.FusedMovingAvgObsFakeQuantize.forward
"""It lets torch resize the ranges that it keeps."""

_spectral_norm: Any = getattr(torch.nn.utils.parametrizations, "_SpectralNorm", None)
_iterate: Any = getattr(getattr(_spectral_norm, "_power_method", None), "__wrapped__", None)
"""What writes into a module when somebody reads its weight, where that is given a spectral norm."""

OWN = "explorer"

EXPORTS = ("numpy", "__dlpack__")
RESIZES = ("resize_", "resize_as_", "addbmm_")
SHARES = ("_share_fd_cpu_", "_share_filename_cpu_")


class Door:
    """Stands for a method on its class: hands out the method itself, having told ``watch``.

    Taken from a tensor, it is told which; taken from the class (``torch.Tensor.numpy``), whatever
    tensor the method will be called with stays unknown, and ``unknown`` is told.
    """

    __slots__ = ("_plain", "_unknown", "_watch")

    def __init__(
        self, plain: Any, watch: Callable[[Any], None], unknown: Callable[[str], None]
    ) -> None:
        self._plain = plain
        self._watch = watch
        self._unknown = unknown

    def __get__(self, thing: Any, owner: Any = None) -> Any:
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        with contextlib.suppress(Exception):  # torch itself must say what is wrong with a tensor
            if thing is None and (called_by_torch() or only_modes_of_torch()):
                pass  # it will be called with a tensor that was asked for it before
            elif in_the_way() or profiling():
                with quiet(), unprofiled():
                    self._tell(thing)
            else:
                self._tell(thing)
        return self._plain.__get__(thing, owner)

    def _tell(self, thing: Any) -> None:
        if thing is None:
            self._unknown(self._plain.__name__)
        else:
            self._watch(thing)

    def __repr__(self) -> str:
        return repr(self._plain)


class Doors:
    """Stands in the doors from `install` to `remove`."""

    def __init__(
        self, tensors: Tensors, lock: threading.RLock, plain: dict[CodeType, CodeType]
    ) -> None:
        """``plain`` is what shows torch's compiler code as it is without the doors."""
        self._tensors = tensors
        self._plain = plain
        self._lock = lock
        self._undo: list[Callable[[], None]] = []
        self.wrote_unasked: Callable[[], None] = lambda: None
        """Called before torch writes where a statement only reads."""

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
        to_dlpack = builtin_like(_to_dlpack, self._to_dlpack)
        for module in (sys.modules[_dlpack.__name__], sys.modules[torch.__name__]):
            if getattr(module, "to_dlpack", None) is _to_dlpack:
                self._put(module, "to_dlpack", to_dlpack)
        swap: Any = torch.utils.swap_tensors
        self._call_before(swap, self._swapped)
        self._call_before(_observed, self._observes)
        if _iterate is not None:
            self._call_before(_iterate, self._iterated)
        for module, name, function in starters(self._thread_begins, self._thread_failed):
            self._put(module, name, function)

    def remove(self) -> None:
        """Give torch its own functions back."""
        while self._undo:
            self._undo.pop()()

    def _watch(self, owner: Any, name: str, watch: Callable[[Any], None]) -> None:
        self._put(owner, name, Door(getattr(owner, name), watch, self._unknown))

    def _call_before(self, function: Any, watch: Callable[..., None]) -> None:
        plain = function.__code__
        self._undo.append(call_before(function, watch))
        self._plain[function.__code__] = plain

    def _put(self, owner: Any, name: str, door: Any) -> None:
        plain = vars(owner).get(name)
        if plain is None:
            self._undo.append(partial(delattr, owner, name))
        else:
            self._undo.append(partial(setattr, owner, name, plain))
        setattr(owner, name, door)

    # What happens at each door, before torch's own function is called.

    def _exported(self, tensor: torch.Tensor) -> None:
        _tensor_data_ptr(tensor)
        self._tensors.snapshots.export(tensor, "numpy")
        self._tensors.memory_was_shared()

    def _asked(self, tensor: torch.Tensor) -> None:
        if not called_by_torch():
            self._tensors.snapshots.export(tensor, "")
            self._tensors.memory_was_shared()

    def _asked_storage(self, storage: Any) -> None:
        if not called_by_torch():
            self._tensors.snapshots.export_object(storage._cdata, "")
            self._tensors.memory_was_shared()

    def _resized(self, tensor: torch.Tensor) -> None:
        _tensor_data_ptr(tensor)
        self._tensors.dirty = True

    def _resized_storage(self, storage: Any) -> None:
        _storage_data_ptr(storage)
        self._tensors.dirty = True

    def _exchanged(self, tensor: torch.Tensor) -> None:
        self._tensors.dirty = True

    def _shared(self, storage: Any) -> None:
        _storage_data_ptr(storage)
        self._tensors.snapshots.export_object(storage._cdata, "shared")
        self._tensors.memory_was_shared()

    def _to_dlpack(self, tensor: torch.Tensor, /) -> Any:
        with contextlib.suppress(Exception):
            self._exported(tensor)
        return _to_dlpack(tensor)

    def _observes(self, module: Any, values: torch.Tensor) -> None:
        with contextlib.suppress(Exception):  # torch itself must say what is wrong with a module
            for one in (module, module.activation_post_process):
                own_memory([*one._buffers.values()])
        self._tensors.dirty = True

    def _swapped(self, one: torch.Tensor, other: torch.Tensor) -> None:
        self._tensors.dirty = True

    def _iterated(self, norm: Any, weight: torch.Tensor, times: int) -> None:
        self.wrote_unasked()

    def _thread_begins(self, thread: threading.Thread | None) -> None:
        with self._lock:
            self._tensors.thread_begins(thread)

    def _thread_failed(self, thread: threading.Thread | None) -> None:
        with self._lock:
            self._tensors.thread_failed(thread)

    def _unknown(self, name: str) -> None:
        self._tensors.trouble(
            f"The program took {name} from its class, so any tensor may come to be shared: from "
            "here on all are copied and compared at every step."
        )
        self._tensors.snapshots.never_lazy()
        self._tensors.own_all()
        for reference in self._tensors.refs[1:]:
            tensor = reference()
            if tensor is not None:
                self._tensors.snapshots.export(tensor, "")
        self._tensors.memory_was_shared()


def only_modes_of_torch() -> bool:
    """Whether function modes are at work for which torch takes a method from the class, and they
    are torch's own (such as the one of a default device), which call it as it was called."""
    if not function_modes():
        return False
    return all(type(mode).__module__.partition(".")[0] == "torch" for mode in _modes())


def called_by_torch() -> bool:
    """Whether torch's own code stands before the door: it compares addresses, and keeps none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        package = module.partition(".")[0] if isinstance(module, str) else ""
        if package != OWN:
            return bool(package == "torch")
        frame = frame.f_back
    return False
