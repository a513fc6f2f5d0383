"""Reads and writes programs, and says in one sentence why it could not."""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

LARGEST = 32 << 20
"""Bytes; a larger file is no program that someone wrote."""


class FileProblem(Exception):
    """A file cannot be read or written; the text is one sentence for people."""


class Stamp(NamedTuple):
    """By what a change on disk is noticed."""

    modified: int
    size: int


class SourceFile(NamedTuple):
    """A program as it lies on disk; in ``text`` every line ends with a single newline sign."""

    path: Path
    text: str
    encoding: str = "utf-8"
    line_end: str = "\n"
    stamp: Stamp | None = None


def read_source(path: Path) -> SourceFile:
    """Read a program in the encoding that its first lines name, else UTF-8.

    Raises:
        FileProblem: when it cannot be read or is no text.
    """
    data, stamp = _read(path)
    encoding = _encoding(path, data)
    try:
        text = codecs.decode(data, encoding)
    except UnicodeDecodeError as err:
        line = data.count(b"\n", 0, err.start) + 1
        raise FileProblem(
            f"{path.name} is not {encoding.upper()}: the byte {data[err.start]:#04x} in line "
            f"{line} does not fit; save it as UTF-8 in the editor it was written with."
        ) from err
    if "\0" in text:
        raise FileProblem(f"{path.name} is no text: it holds zero bytes.")
    line_end = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    return SourceFile(
        path, text.replace("\r\n", "\n").replace("\r", "\n"), encoding, line_end, stamp
    )


def _read(path: Path) -> tuple[bytes, Stamp]:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise FileProblem(f"{path} is a folder, not a file.")
        if not stat.S_ISREG(found.st_mode):
            raise FileProblem(f"{path} is no ordinary file.")
        if found.st_size > LARGEST:
            size = found.st_size / (1 << 20)
            raise FileProblem(f"{path.name} is too large for a program: {size:,.0f} MB.")
        return path.read_bytes(), Stamp(found.st_mtime_ns, found.st_size)
    except FileNotFoundError as err:
        raise FileProblem(f"There is no file {path}.") from err
    except PermissionError as err:
        raise FileProblem(f"{path} may not be read; its permissions forbid it.") from err
    except OSError as err:
        raise FileProblem(f"{path} cannot be read: {err.strerror or err}.") from err


def _encoding(path: Path, data: bytes) -> str:
    if b"coding" not in data[:400] and not data.startswith(codecs.BOM_UTF8):
        return "utf-8"  # as Python takes it, too
    import tokenize

    lines = iter(data.splitlines(keepends=True)[:2] if len(data) < 4096 else _head(data))
    try:
        return tokenize.detect_encoding(lambda: next(lines, b""))[0]
    except SyntaxError:
        # Either an unknown encoding is named, or the first lines are no UTF-8.
        if b"coding" in data[:400]:
            raise FileProblem(f"{path.name} names an encoding that Python does not know.") from None
        return "utf-8"


def _head(data: bytes) -> list[bytes]:
    return data[:4096].splitlines(keepends=True)[:2]


def write_source(source: SourceFile) -> Stamp:
    """Write a program so that either the old or the new file is there, never half of one.

    Raises:
        FileProblem: when it cannot be written; the old file is then untouched.
    """
    path = source.path
    text = source.text.replace("\n", source.line_end)
    try:
        data = codecs.encode(text, source.encoding)
    except UnicodeEncodeError as err:
        sign = text[err.start]
        raise FileProblem(
            f"{path.name} cannot be saved as {source.encoding}: it holds {sign!r}; "
            "change the coding line at its head to utf-8."
        ) from err
    try:
        _replace(path, data)
        return stamp_of(path) or Stamp(0, len(data))
    except FileNotFoundError as err:
        raise FileProblem(f"The folder {path.parent} is gone; save under another name.") from err
    except PermissionError as err:
        raise FileProblem(f"{path} may not be written; save under another name.") from err
    except IsADirectoryError as err:
        raise FileProblem(f"{path} is a folder; save under another name.") from err
    except OSError as err:
        raise FileProblem(f"{path} cannot be written: {err.strerror or err}.") from err


def _replace(path: Path, data: bytes) -> None:
    """Beside the file first, then in its place; through a link to the file that it means."""
    import tempfile

    target = path.resolve()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(str(target))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode if target.exists() else 0o666 & ~_mask()
        beside.chmod(stat.S_IMODE(mode))
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of the file as it lies there now; None when it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)
