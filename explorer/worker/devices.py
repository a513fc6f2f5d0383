"""What this machine has, and choosing where new tensors are made.

Nothing here starts CUDA: a program that forks its own workers could not use it any more, and
could tell that it was watched. NVIDIA's own tool is asked instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import torch

from explorer.protocol.running import Device, Devices, ReadDevices

SMI_SECONDS = 5
_QUERY = "index,uuid,name,memory.used,memory.total"
_MEBI = 1 << 20


class CannotChoose(Exception):
    """This device cannot be had; the text says why, in one sentence."""


def read_devices(request: ReadDevices) -> Devices:
    """Answer `ReadDevices`: CPU, each CUDA device, MPS, XPU and meta."""
    return Devices((_cpu(), *_cuda(), _mps(), *_xpu(), _meta()))


def choose_device(name: str) -> None:
    """Make new tensors on a device from now on; empty leaves torch's own default.

    ``torch.set_default_device`` does not reach the legacy constructors (``torch.Tensor([1])``);
    for CUDA the default tensor type does.

    Raises:
        CannotChoose: when this machine has no such device.
    """
    if not name or name == "cpu":
        return
    known = {device.name: device for device in read_devices(ReadDevices()).devices}
    device = known.get(name)
    if device is None:
        raise CannotChoose(f"This machine has no device {name}; choose another one.")
    if not device.usable:
        raise CannotChoose(f"{device.title} cannot be chosen: {device.reason}")
    torch.set_default_device(name)
    if name.startswith("cuda"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.set_default_tensor_type("torch.cuda.FloatTensor")


def _cpu() -> Device:
    used, total = _memory()
    return Device("cpu", "CPU", True, "", used, total)


def _memory() -> tuple[int, int]:
    """Bytes of main memory in use and there; 0 where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        told = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if ":" in line}
        return told["MemTotal"] - told["MemAvailable"], told["MemTotal"]
    except (OSError, KeyError, ValueError, IndexError):
        pass
    try:
        return 0, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0, 0


def _cuda() -> list[Device]:
    if torch.version.hip is not None:
        return _rocm()
    if torch.version.cuda is None:
        return [_absent("cuda:0", "CUDA", "this torch is built without CUDA.")]
    rows, trouble = _ask_smi()
    if not rows:
        return [_absent("cuda:0", "CUDA", trouble)]
    found = []
    for place, (name, used, total) in enumerate(_visible(rows)):
        title = f"CUDA {place} · {name}"
        if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            free, total = torch.cuda.mem_get_info(place)
            used = total - free
        found.append(Device(f"cuda:{place}", title, True, "", used, total))
    hidden = "CUDA_VISIBLE_DEVICES hides every GPU of this machine."
    return found or [_absent("cuda:0", "CUDA", hidden)]


def _rocm() -> list[Device]:
    if not torch.cuda.is_available():
        return [_absent("cuda:0", "ROCm", "no AMD GPU was found.")]
    names = range(torch.cuda.device_count())
    return [Device(f"cuda:{place}", f"ROCm {place}", True, "") for place in names]


_Row = tuple[str, str, str, int, int]


def _ask_smi() -> tuple[list[_Row], str]:
    """(index, uuid, name, bytes used, bytes there) of each GPU, or why there are none."""
    built = f"this torch is built for CUDA {torch.version.cuda}, but "
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return [], f"{built}no NVIDIA driver was found."
    try:
        said = subprocess.run(
            [tool, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=SMI_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return [], f"{built}the NVIDIA driver does not answer."
    rows = [_row(line) for line in said.stdout.splitlines()]
    found = [row for row in rows if row is not None]
    if said.returncode != 0 or not found:
        return [], f"{built}no NVIDIA GPU was found."
    return found, ""


def _row(line: str) -> _Row | None:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) != 5:
        return None
    used, total = (int(part) * _MEBI if part.isdecimal() else 0 for part in parts[3:])
    return parts[0], parts[1], parts[2], used, total


def _visible(rows: list[_Row]) -> list[tuple[str, int, int]]:
    """The GPUs as torch will count them: chosen and ordered by CUDA_VISIBLE_DEVICES."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is None:
        return [row[2:] for row in rows]
    found = []
    for word in (part.strip() for part in chosen.split(",")):
        match = [row for row in rows if word and (row[0] == word or row[1].startswith(word))]
        if not match:
            break  # CUDA ignores what follows a word that names no GPU
        found.append(match[0][2:])
    return found


def _mps() -> Device:
    backend = getattr(torch.backends, "mps", None)
    if backend is None or not backend.is_built():
        return _absent("mps", "MPS", "this torch is built without MPS; it needs an Apple computer.")
    if not backend.is_available():
        return _absent("mps", "MPS", "it needs macOS 12.3 or newer and an Apple GPU.")
    used = torch.mps.driver_allocated_memory()
    return Device("mps", "MPS", True, "", used, torch.mps.recommended_max_memory())


def _xpu() -> list[Device]:
    backend = getattr(torch, "xpu", None)
    if backend is None or not getattr(torch.version, "xpu", None):
        return [_absent("xpu:0", "XPU", "this torch is built without Intel's XPU.")]
    if not backend.is_available():
        return [_absent("xpu:0", "XPU", "no Intel GPU was found.")]
    return [
        Device(f"xpu:{place}", f"XPU {place}", True, "") for place in range(backend.device_count())
    ]


def _meta() -> Device:
    return Device("meta", "meta · shapes without numbers", True, "")


def _absent(name: str, title: str, reason: str) -> Device:
    return Device(name, title, False, reason[:1].upper() + reason[1:])
