"""Where the user's settings and unsaved texts lie, and what is done when they cannot lie there.

Nothing of this may keep the window from opening: a spoilt file is set aside, a place that cannot
be written is done without, and one sentence says so.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

NAME = "tensor-explorer"


def settings_file() -> Path:
    """The user's settings; QSettings knows the folder that each system wants them in."""
    kind, scope = QSettings.Format.IniFormat, QSettings.Scope.UserScope
    beside = QSettings(kind, scope, NAME, "place")
    return Path(beside.fileName()).with_name(f"{NAME}.ini")


def make_sound(file: Path) -> str:
    """Set a spoilt settings file aside, so that the usual settings count.

    Returns:
        One sentence about that, or about a place that cannot be written; nothing when all is well.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and not _is_sound(file.read_bytes()):
            aside = _free_name(file)
            file.replace(aside)
            return (
                "The settings could not be read, so the usual ones are used; the old file is kept "
                f"as {aside}."
            )
    except OSError as err:
        return _not_kept(file.parent, err.strerror or str(err))
    writable = os.access(file.parent, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    return "" if writable else _not_kept(file.parent, "it may not be written")


def data_folder() -> tuple[Path, str]:
    """The folder of autosaved and untitled texts, and a sentence when it is not the usual one.

    Raises:
        OSError: nothing can be written anywhere.
    """
    root = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    folder = Path(root) / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = "" if os.access(folder, os.W_OK) else "it may not be written"
    except OSError as err:
        reason = err.strerror or str(err)
    if not reason:
        return folder, ""
    import tempfile  # it takes long to import, and is hardly ever needed

    instead = Path(tempfile.mkdtemp(prefix=f"{NAME}-"))
    return instead, (
        f"{folder} cannot be used ({reason}): texts that are not saved are kept in {instead} only "
        "until this machine is started anew."
    )


def _is_sound(data: bytes) -> bool:
    """Whether every line is a section, a setting or a remark, and the first is a section."""
    try:
        lines = [line.strip() for line in data.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        return False
    lines = [line for line in lines if line and line[0] not in ";#"]
    if "\0" in "".join(lines):
        return False
    sections = [line for line in lines if line.startswith("[")]
    settings = [line for line in lines if not line.startswith("[")]
    return (
        (not lines or lines[0].startswith("["))
        and all(line.endswith("]") for line in sections)
        and all("=" in line for line in settings)
    )


def _free_name(file: Path) -> Path:
    """A name beside a file that nothing has yet."""
    names = (file.with_name(f"{file.stem}.broken-{number}.ini") for number in itertools.count(1))
    return next(name for name in names if not name.exists())


def _not_kept(folder: Path, reason: str) -> str:
    return f"What you choose will be forgotten: nothing can be written in {folder} ({reason})."
