"""How much memory and disk there is, and how much of it this process takes."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path
from typing import Any

_MEMINFO, _STATM = Path("/proc/meminfo"), Path("/proc/self/statm")
_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)
"""Where a container's limit and use of memory stand, in the new and in the old way."""


def free_memory() -> int:
    """Bytes that new allocations may take: of the machine, or of the container if that has less.

    Where the system does not tell, half of all memory; 0 where it does not tell that either.
    """
    free = _free_in_machine()
    for limit, used in _GROUPS:
        most, taken = _number_in(limit), _number_in(used)
        if most is not None and taken is not None:
            free = min(free, max(most - taken, 0))
    return free


def _free_in_machine() -> int:
    try:
        for line in _MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return 0


def _number_in(path: str) -> int | None:
    try:
        return int(Path(path).read_text())
    except (OSError, ValueError):
        return None  # there is no such limit, or it says "max"


def resident() -> int:
    """Bytes of this process in memory; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _trimmer() -> Any:
    """glibc's ``malloc_trim``; None with another allocator."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


_trim: Any = _trimmer()


def give_back() -> None:
    """Let the allocator hand to the system what it keeps of freed memory between other blocks."""
    if _trim is not None:
        _trim(0)


def free_disk(folder: Path) -> int:
    """Bytes free on the disk that a folder lies on; 0 when that cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
