"""Files without a name in the user's cache folder: gone when the process is, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

_WINDOWS = os.name == "nt"
SOCKET, FILES = 600, 700
"""The least numbers that the socket to the window and files on disk have as their handles."""
_VANISHES = sum(getattr(os, name, 0) for name in ("O_TEMPORARY", "O_BINARY", "O_NOINHERIT"))
"""Flags by which Windows removes a file when its last handle is closed, however that comes."""


def cache_folder() -> Path:
    """Where this system keeps what programs can do without."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / "Tensor Explorer"
    if sys.platform == "darwin":
        return home / "Library/Caches/Tensor Explorer"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "tensor-explorer"


def remove_stale(folder: Path) -> None:
    """Remove files of processes that ended between making a file and taking its name away."""
    for path in folder.glob("values-*.spill"):
        process = path.name.split("-")[1]
        if process.isdecimal() and not _lives(int(process)):
            with contextlib.suppress(OSError):
                path.unlink()


def _lives(process: int) -> bool:
    if _WINDOWS:
        return True  # there a file of a process that is gone is gone, too
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def open_unnamed(folder: Path, number: int) -> int:
    """A new file in a folder: its handle, far from the numbers that the program's files have.

    Raises:
        OSError: when the system refuses it.
    """
    return apart(_opened(folder, number), FILES)


def _opened(folder: Path, number: int) -> int:
    if hasattr(os, "O_TMPFILE"):
        with contextlib.suppress(OSError):  # not every file system can
            return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    remove_stale(folder)
    path = folder / f"values-{os.getpid()}-{number}.spill"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _VANISHES, 0o600)
    if not _WINDOWS:
        path.unlink()
    return handle


def apart(handle: int, least: int) -> int:
    """The same file under a number, ``least`` or more, that the program's own do not come near."""
    if _WINDOWS:
        return handle
    import fcntl

    try:
        far = fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, least)
    except OSError:
        return handle  # so many files are not allowed
    os.close(handle)
    return far
