"""Draws the program's icon in every size from its two pictures: ``-m installers.icons FOLDER``."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from installers.project import ROOT

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SMALL = 32  # up to this size the picture with fewer lines is used
_PICTURES = ROOT / "resources" / "icons"


def source(size: int) -> Path:
    """The picture that is drawn at a size."""
    name = "tensor-explorer-small.svg" if size <= SMALL else "tensor-explorer.svg"
    return _PICTURES / name


def draw(folder: Path, sizes: tuple[int, ...] = SIZES) -> dict[int, Path]:
    """Write ``<size>.png`` for every size; needs PySide6, no display."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        QSvgRenderer(str(source(size))).render(painter, QRectF(0, 0, size, size))
        painter.end()
        files[size] = folder / f"{size}.png"
        image.save(str(files[size]))
    del application
    return files


def drawn(folder: Path) -> dict[int, Path]:
    """The pictures that an earlier ``draw`` left in a folder, by size."""
    return {int(path.stem): path for path in sorted(folder.glob("*.png"))}


def write_ico(pngs: dict[int, Path], target: Path) -> None:
    """A Windows icon: a head of 6 bytes, 16 bytes for each picture, then the PNG files."""
    chosen = [(size, pngs[size].read_bytes()) for size in sorted(pngs) if size <= 256]
    head = struct.pack("<HHH", 0, 1, len(chosen))
    offset = len(head) + 16 * len(chosen)
    entries = b""
    for size, data in chosen:
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    target.write_bytes(head + entries + b"".join(data for _, data in chosen))


def write_icns(pngs: dict[int, Path], target: Path) -> None:
    """A macOS icon: four letters and a length for each picture, then the PNG file."""
    kinds = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}
    parts = b""
    for size, kind in kinds.items():
        data = pngs[size].read_bytes()
        parts += kind + struct.pack(">I", len(data) + 8) + data
    target.write_bytes(b"icns" + struct.pack(">I", len(parts) + 8) + parts)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
