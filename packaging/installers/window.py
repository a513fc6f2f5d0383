"""Freezes the window with PyInstaller."""

from __future__ import annotations

import shutil
import sys
import venv
from pathlib import Path

from installers import icons
from installers.project import ROOT, TITLE, Build, run, source_date

PACKAGING = ROOT / "packaging"

# On Linux, of all that PyInstaller takes from the system: what Python's own modules link to, and
# those parts of X that a desktop may lack. The rest must be the system's own, or its drivers and
# its configuration would meet strangers; the packages name it as what they depend on.
KEPT_SYSTEM_LIBRARIES = (
    "libpython*", "libcrypto*", "libssl*", "libffi*", "liblzma*", "libbz2*", "libuuid*",
    "libexpat*", "libxcb-cursor*", "libxcb-icccm*", "libxcb-image*", "libxcb-keysyms*",
    "libxcb-render-util*", "libxcb-util*", "libxcb-xkb*", "libxkbcommon-x11*", "libxkbcommon*",
)  # fmt: skip


def tools(work: Path) -> Path:
    """An environment with the window's packages and PyInstaller; its interpreter."""
    folder = work / "tools"
    place = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    python = folder.joinpath(*place)
    if not python.exists():
        # Not copied: on macOS a Python that can be moved finds its library beside itself alone.
        venv.create(folder, with_pip=True, symlinks=sys.platform != "win32")
        run(python, "-m", "pip", "install", "-q", "-r", PACKAGING / "requirements-build.txt")
        run(python, "-m", "pip", "install", "-q", "setuptools>=70.1")
        # The project's own packages, not the project: it is frozen from its sources.
        run(python, "-m", "pip", "install", "-q", "--no-build-isolation", ROOT)
        run(python, "-m", "pip", "uninstall", "-q", "-y", "tensor-explorer")
    return python


def freeze(build: Build, python: Path) -> None:
    """Make ``build.folder``: the executable and its internal folder."""
    target = build.folder.parent
    shutil.rmtree(target, ignore_errors=True)
    run(python, "-m", "installers.icons", build.work / "icons", cwd=PACKAGING)
    drawn = icons.drawn(build.work / "icons")
    run(
        python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", target, "--workpath", build.work / "pyinstaller",
        PACKAGING / "frozen" / "window.spec",
        TENSOR_EXPLORER_ROOT=str(ROOT),
        TENSOR_EXPLORER_ICON=str(_icon(build, drawn)),
        PYTHONHASHSEED="0",
        SOURCE_DATE_EPOCH=str(source_date()),
    )  # fmt: skip
    if sys.platform == "darwin":
        shutil.rmtree(build.folder)  # the .app beside it holds the same
        if not (target / f"{TITLE}.app").is_dir():
            raise SystemExit("PyInstaller made no application bundle")
    else:
        prune(build.inside)


def compile_worker(build: Build, python: Path) -> None:
    """Byte code beside the worker's sources for the Python inside; others read the sources."""
    run(
        python, "-I", "-B", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
        "-s", build.inside, build.inside / "explorer",
        SOURCE_DATE_EPOCH=str(source_date()),
    )  # fmt: skip


def prune(inside: Path) -> None:
    """Take out of the internal folder what the recipe could not leave out."""
    if sys.platform == "linux":
        for path in inside.glob("lib*.so*"):
            kept = any(path.match(pattern) for pattern in KEPT_SYSTEM_LIBRARIES)
            if not path.is_symlink() and not kept:
                path.unlink()
        strip([*inside.glob("libpython*.so*"), *inside.glob("python3.*/lib-dynload/*.so")])
    for path in inside.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()  # it led to something that was taken out
    for path in (inside / "explorer").rglob("*.pyc"):
        if path.with_suffix(".py").exists():
            path.unlink()  # the source beside it, which a worker reads as well, comes first


def strip(binaries: list[Path]) -> None:
    """Take the tables of a debugger out of binaries that were built with them."""
    if shutil.which("strip"):
        run("strip", "--strip-unneeded", *binaries)


def _icon(build: Build, drawn: dict[int, Path]) -> Path:
    if sys.platform == "win32":
        target = build.work / "tensor-explorer.ico"
        icons.write_ico(drawn, target)
    elif sys.platform == "darwin":
        target = build.work / "tensor-explorer.icns"
        icons.write_icns(drawn, target)
    else:
        target = drawn[256]
    return target
