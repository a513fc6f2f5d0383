"""What the oracle writes down of a tensor: its fields as torch gives them, its bytes from memory.

The numbers are read with ctypes from the address of the storage, and nothing of torch's own
copying, viewing or converting is used on the program's tensors. That makes it slow and independent
of every mechanism that the recorder rests on.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import torch

Numbers = list[Any]
Fields = dict[str, Any]

UNKNOWN = "unknown"

# dtypes that numpy has under the same name; the others are spelled out in `_as_numbers`.
_PLAIN = {
    torch.float64: "f8",
    torch.float32: "f4",
    torch.float16: "f2",
    torch.int64: "i8",
    torch.int32: "i4",
    torch.int16: "i2",
    torch.int8: "i1",
    torch.uint8: "u1",
    torch.uint16: "u2",
    torch.uint32: "u4",
    torch.uint64: "u8",
    torch.bool: "?",
    torch.complex64: "c8",
    torch.complex128: "c16",
}


class Storages:
    """Numbers storages 1, 2, 3 ... in order of appearance and keeps each alive.

    Kept alive, no two storages of a run share an address, so a number is never given twice.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._kept: list[torch.UntypedStorage] = []

    def number(self, storage: torch.UntypedStorage) -> int:
        """The number of a storage, a new one when it was never seen."""
        if storage._cdata not in self._numbers:
            self._numbers[storage._cdata] = len(self._numbers) + 1
            self._kept.append(storage)
        return self._numbers[storage._cdata]


def fields(tensor: torch.Tensor, storages: Storages, *, with_grad: bool = True) -> Fields:
    """All of a tensor in the words of ``steps --json``; ``storage`` is a number, not a letter.

    ``values`` holds every number row by row, or None where there are none to read (another device
    than the CPU, a layout without a storage). ``version`` is None for inference tensors.
    """
    with torch._C.DisableTorchFunction():
        found = _header(tensor)
        found.update(_memory(tensor, storages))
        has_grad = with_grad and (found["is_leaf"] is True or tensor.retains_grad)
        grad = tensor.grad if has_grad else None
        found["object"] = id(tensor)
        found["grad"] = None if grad is None else fields(grad, storages, with_grad=False)
    return found


def _header(tensor: torch.Tensor) -> Fields:
    strided = tensor.layout is torch.strided
    leaf, node = _history(tensor)
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "stride": list(tensor.stride()) if strided else [],
        "offset": tensor.storage_offset() if strided else 0,
        "device": str(tensor.device),
        "layout": str(tensor.layout).removeprefix("torch."),
        "version": None if tensor.is_inference() else tensor._version,
        "requires_grad": tensor.requires_grad,
        "is_leaf": leaf,
        "grad_fn": node,
    }


def _history(tensor: torch.Tensor) -> tuple[Any, Any]:
    """is_leaf and the name of grad_fn; UNKNOWN where torch itself raises instead of telling.

    It does so for one of several views made by one function (``unbind``, ``chunk``) whose base
    was written to.
    """
    try:
        node = tensor.grad_fn
        return tensor.is_leaf, None if node is None else node.name().rpartition("::")[2]
    except RuntimeError:
        return UNKNOWN, UNKNOWN


def _memory(tensor: torch.Tensor, storages: Storages) -> Fields:
    functorch: Any = torch._C._functorch
    if functorch.is_functorch_wrapped_tensor(tensor) or functorch.is_legacy_batchedtensor(tensor):
        return {"storage": None, "storage_bytes": None, "values": None}
    if tensor.layout is not torch.strided:
        with torch.no_grad():
            dense = tensor.detach().to_dense()
        return {
            "storage": None,
            "storage_bytes": None,
            "values": _numbers(dense, dense.untyped_storage()),
        }
    storage = tensor.untyped_storage()
    found: Fields = {"storage": storages.number(storage), "storage_bytes": storage.nbytes()}
    last = sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True))
    end = (tensor.storage_offset() + last + 1) * tensor.element_size() if tensor.numel() else 0
    readable = tensor.device.type == "cpu" and not tensor.is_quantized
    if readable and end <= storage.nbytes() and _has_memory(storage):
        found["values"] = _numbers(tensor, storage)
    else:
        found["values"] = None
    return found


def _has_memory(storage: torch.UntypedStorage) -> bool:
    """False for what a compiler traces with: tensors that have a shape and no numbers."""
    try:
        storage.data_ptr()
    except RuntimeError:
        return False
    return True


def _numbers(tensor: torch.Tensor, storage: torch.UntypedStorage) -> Numbers:
    """Every number of a strided CPU tensor, row by row, as JSON can hold it."""
    shape, stride, size = tuple(tensor.shape), tensor.stride(), tensor.element_size()
    if 0 in shape:
        return []
    memory = ctypes.string_at(storage.data_ptr(), storage.nbytes())
    cells = np.lib.stride_tricks.as_strided(
        np.frombuffer(memory, dtype=f"V{size}")[tensor.storage_offset() :],
        shape,
        tuple(step * size for step in stride),
    )
    numbers = _as_numbers(np.ascontiguousarray(cells).tobytes(), tensor.dtype)
    if tensor.is_conj():
        numbers = numbers.conj()
    if tensor.is_neg():
        numbers = -numbers
    return [spelled(number) for number in numbers.tolist()]


def _as_numbers(memory: bytes, dtype: torch.dtype) -> Any:
    if dtype in _PLAIN:
        return np.frombuffer(memory, dtype=_PLAIN[dtype])
    if dtype is torch.bfloat16:
        upper = np.frombuffer(memory, dtype="u2").astype("u4")
        return (upper << 16).view("f4")
    if dtype is torch.complex32:
        halves = np.frombuffer(memory, dtype="f2").astype("f4")
        return halves.view("c8")
    copied = torch.frombuffer(bytearray(memory), dtype=dtype)
    return copied.to(torch.float64).numpy()


def spelled(number: Any) -> Any:
    """A number as ``steps --json`` spells it: non-finite as strings, complex as [re, im]."""
    if isinstance(number, complex):
        return [spelled(number.real), spelled(number.imag)]
    if isinstance(number, float) and number != number:
        return "nan"
    if number in (float("inf"), float("-inf")):
        return "inf" if number > 0 else "-inf"
    return number
