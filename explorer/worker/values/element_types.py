"""What the installed torch knows of element types, and what this machine can hold."""

from __future__ import annotations

import re
import warnings
from typing import Any

import torch

from explorer.protocol.types import ElementType, ReadTypes, Types
from explorer.worker.quiet import quiet

FAMILIES = ("floating", "complex", "integer", "boolean", "quantized", "bits")


def read_types(request: ReadTypes) -> Types:
    """Answer `ReadTypes`. Making rare types warns once a process, so the program goes first."""
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        devices = _devices()
        found = [_type_of(dtype, names, devices) for dtype, names in _dtypes().items()]
    found.sort(key=lambda one: (FAMILIES.index(one.family), one.bits, one.name))
    return Types(tuple(found), _short(torch.get_default_dtype()))


def _dtypes() -> dict[torch.dtype, list[str]]:
    names: dict[torch.dtype, list[str]] = {}
    for name in dir(torch):
        value = getattr(torch, name, None)
        if isinstance(value, torch.dtype):
            names.setdefault(value, []).append(name)
    return names


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _devices() -> list[str]:
    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found.append("xpu")
    return [*found, "meta"]


def _type_of(dtype: torch.dtype, names: list[str], devices: list[str]) -> ElementType:
    name = _short(dtype)
    smallest, largest, tiny, epsilon, digits = _range_of(dtype)
    held, refused = _tried(dtype, devices)
    cpu_class = _legacy_class(dtype)
    return ElementType(
        name=name,
        aliases=tuple(alias for alias in names if alias != name),
        family=_family(dtype),
        bits=_bits(dtype),
        smallest=smallest,
        largest=largest,
        tiny=tiny,
        epsilon=epsilon,
        digits=digits,
        cpu_class=cpu_class,
        gpu_class=cpu_class.replace("torch.", "torch.cuda.") if cpu_class else "",
        held_on=held,
        refused=refused,
    )


def _family(dtype: torch.dtype) -> str:
    name = _short(dtype)
    if name.startswith(("q", "uq")) and "int" in name:
        return "quantized"
    if name.startswith("bits"):
        return "bits"
    if dtype.is_complex:
        return "complex"
    if dtype.is_floating_point:
        return "floating"
    return "boolean" if dtype == torch.bool else "integer"


def _bits(dtype: torch.dtype) -> int:
    """Bits that one element has; types narrower than a byte are stored in one."""
    narrow = re.fullmatch(r"u?int([1-7])", _short(dtype))
    if narrow:
        return int(narrow[1])
    try:
        info: Any = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
    except (TypeError, RuntimeError, NotImplementedError):
        return dtype.itemsize * 8
    return int(info.bits)


def _range_of(dtype: torch.dtype) -> tuple[str, str, str, str, int]:
    if dtype == torch.bool:
        return "False", "True", "", "", 0
    try:
        if dtype.is_floating_point or dtype.is_complex:
            info = torch.finfo(dtype)
            digits = _digits(info.eps)
            return repr(info.min), repr(info.max), repr(info.tiny), repr(info.eps), digits
        whole = torch.iinfo(dtype)
    except (TypeError, RuntimeError, NotImplementedError):
        return "", "", "", "", 0
    return str(whole.min), str(whole.max), "", "", len(str(whole.max)) - 1


def _digits(epsilon: float) -> int:
    """Digits that survive text -> number -> text: floor(-log10(eps)) as C's FLT_DIG has it."""
    digits = 0
    while epsilon > 0 and epsilon * 10 ** (digits + 1) <= 1:
        digits += 1
    return digits


def _tried(dtype: torch.dtype, devices: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    held, refused = [], []
    for device in devices:
        try:
            torch.empty(1, dtype=dtype, device=device)
        except (RuntimeError, TypeError, NotImplementedError) as err:
            refused.append(f"{device}: {str(err).splitlines()[0]}")
        else:
            held.append(device)
    return tuple(held), tuple(refused)


def _legacy_class(dtype: torch.dtype) -> str:
    try:
        name = torch.empty(0, dtype=dtype).type()
    except (RuntimeError, TypeError, NotImplementedError, ValueError):
        return ""
    return name if name.count(".") == 1 and hasattr(torch, name.partition(".")[2]) else ""
