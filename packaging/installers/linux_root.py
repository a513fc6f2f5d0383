"""Lays a finished program's folder out as it will lie on a Linux system, below one folder."""

from __future__ import annotations

import datetime
import gzip
import os
import shutil
from pathlib import Path

from installers import icons
from installers.project import MAINTAINER, NAME, ROOT, Build, source_date, version

LINUX = ROOT / "packaging" / "linux"
METAINFO = "io.github.tensor_explorer.TensorExplorer.metainfo.xml"


def lay_out(build: Build, root: Path) -> None:
    """Fill an empty root: usr/lib, usr/bin and usr/share."""
    shutil.rmtree(root, ignore_errors=True)
    program = root / "usr" / "lib" / NAME
    program.parent.mkdir(parents=True)
    shutil.copytree(build.folder, program, symlinks=True)
    binary = root / "usr" / "bin" / NAME
    binary.parent.mkdir()
    binary.symlink_to(f"../lib/{NAME}/{NAME}")
    share(build, root / "usr" / "share")
    _set_times_and_rights(root)


def share(build: Build, target: Path) -> None:
    """Desktop entry, AppStream data, icons, man page and documentation."""
    applications = target / "applications"
    applications.mkdir(parents=True)
    shutil.copy(LINUX / f"{NAME}.desktop", applications)
    _fill_in(LINUX / METAINFO, target / "metainfo" / METAINFO)
    manual = target / "man" / "man1" / f"{NAME}.1"
    _fill_in(LINUX / f"{NAME}.1", manual)
    packed = gzip.compress(manual.read_bytes(), compresslevel=9, mtime=0)
    manual.with_name(f"{NAME}.1.gz").write_bytes(packed)
    manual.unlink()
    _icons(build, target / "icons" / "hicolor")
    _documents(build, target / "doc" / build.package)


def _icons(build: Build, hicolor: Path) -> None:
    for size, picture in icons.drawn(build.work / "icons").items():
        folder = hicolor / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        shutil.copy(picture, folder / f"{NAME}.png")
    scalable = hicolor / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(icons.source(512), scalable / f"{NAME}.svg")


def _documents(build: Build, folder: Path) -> None:
    """Debian's two files, the changes, and the note on where the other licences are."""
    folder.mkdir(parents=True)
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    for name, words in (("CHANGELOG.md", changes), ("changelog", _debian_changes(build))):
        packed = gzip.compress(words, compresslevel=9, mtime=0)
        (folder / f"{name}.gz").write_bytes(packed)
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    note = (
        f"{NAME} is used under the licence below. The licences of everything else inside are in\n"
        f"/usr/lib/{NAME}/_internal/resources/licences and in the program under Help, About.\n\n"
    )
    (folder / "copyright").write_text(note + text, encoding="utf-8")
    bill = build.work / f"{build.package}.cdx.json"
    if bill.exists():
        shutil.copy(bill, folder / "bill-of-materials.cdx.json")


def _debian_changes(build: Build) -> bytes:
    """The form that Debian's tools read; what changed stands in CHANGELOG.md beside it."""
    day = datetime.datetime.fromtimestamp(source_date(), datetime.UTC)
    return (
        f"{build.package} ({version()}) unstable; urgency=medium\n\n"
        f"  * Version {version()}; see CHANGELOG.md.gz.\n\n"
        f" -- {MAINTAINER}  {day:%a, %d %b %Y %H:%M:%S} +0000\n"
    ).encode()


def _fill_in(template: Path, target: Path) -> None:
    day = datetime.datetime.fromtimestamp(source_date(), datetime.UTC).date().isoformat()
    text = template.read_text(encoding="utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace("@VERSION@", version()).replace("@DATE@", day), encoding="utf-8")


def _is_library(path: Path) -> bool:
    """A shared library is loaded, not started."""
    return ".so" in path.suffixes


def _set_times_and_rights(root: Path) -> None:
    """The commit's time on everything; readable by all, writable by the owner alone."""
    moment = source_date()
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or (path.stat().st_mode & 0o100 and not _is_library(path))
            path.chmod(0o755 if executable else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
