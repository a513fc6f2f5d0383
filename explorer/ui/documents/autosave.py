"""Keeps a copy of every unsaved text, and offers it back after a crash.

Each window has a folder of its own, locked as long as its process lives. What lies in a folder
that nobody holds was never saved.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QLockFile


class LeftText(NamedTuple):
    """A text that was not saved; ``path`` is empty when it had no file yet."""

    copy: Path
    path: str
    text: str


class Autosave:
    """The copies that this window keeps, and those that others left behind."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / os.urandom(16).hex()
        self._lock = QLockFile(str(self._folder / "lock"))
        self._lock.setStaleLockTime(0)

    def new_copy(self) -> Path:
        """A file name for one text's copy."""
        return self._folder / f"{os.urandom(16).hex()}.json"

    def keep(self, copy: Path, path: str, text: str) -> None:
        """Write the copy anew, whole or not at all.

        Raises:
            OSError: when it cannot be written.
        """
        import json

        if not self._lock.isLocked():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.tryLock(0)
        beside = copy.with_suffix(".tmp")
        beside.write_text(json.dumps({"path": path, "text": text}), encoding="ascii")
        beside.replace(copy)

    def forget(self, copy: Path) -> None:
        """The text is safe elsewhere, or was given up."""
        with contextlib.suppress(OSError):
            copy.unlink()
        if not copy.parent.exists():
            return
        import shutil

        if not any(copy.parent.glob("*.json")) and copy.parent != self._folder:
            shutil.rmtree(copy.parent, ignore_errors=True)

    def close(self) -> None:
        """All texts are safe or given up: leave nothing behind."""
        import shutil

        self._lock.unlock()
        shutil.rmtree(self._folder, ignore_errors=True)

    def left_behind(self) -> list[LeftText]:
        """The copies of windows that are gone, in no order."""
        found = []
        for copy in sorted(self._root.glob("*/*.json")):
            if copy.parent != self._folder and not _is_held(copy.parent):
                found.append(_read(copy))
        return [left for left in found if left is not None]


def _is_held(folder: Path) -> bool:
    lock = QLockFile(str(folder / "lock"))
    lock.setStaleLockTime(0)
    if lock.tryLock(0):
        lock.unlock()
        return False
    return True


def _read(copy: Path) -> LeftText | None:
    import json

    try:
        told = json.loads(copy.read_text(encoding="ascii"))
        path, text = told["path"], told["text"]
    except (OSError, ValueError, KeyError, TypeError):
        return None  # half written by a machine that lost its power: there is nothing in it
    if not (isinstance(path, str) and isinstance(text, str)):
        return None
    return LeftText(copy, path, text)
