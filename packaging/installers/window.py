"""Freezes the window with PyInstaller and takes out what it never uses."""

from __future__ import annotations

import shutil
import sys
import venv
from pathlib import Path

from installers import icons
from installers.project import ROOT, TITLE, Build, run, source_date

PACKAGING = ROOT / "packaging"

# Paths in the internal folder, as patterns, of what PyInstaller brings along and nobody asks for.
UNUSED = (
    "PySide6/Qt/translations",
    "PySide6/translations",
    "PySide6/Qt/qml",
    "PySide6/Qt/lib/libQt6Qml*",
    "PySide6/Qt/lib/libQt6Quick*",
    "PySide6/Qt/lib/libQt6Pdf*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*",
    "PySide6/Qt/lib/libQt6Eglfs*",
    "PySide6/Qt/plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/Qt/plugins/platforms/libqeglfs*",
    "PySide6/Qt/plugins/platforms/libqlinuxfb*",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay*",
    "PySide6/Qt/plugins/platforms/libqvnc*",
    "PySide6/Qt/plugins/platforms/libqminimal*",
    "PySide6/Qt/plugins/platformthemes/libqgtk3*",
    "PySide6/Qt/plugins/egldeviceintegrations",
    "PySide6/Qt/plugins/generic",
    "PySide6/Qt/plugins/imageformats/*pdf*",
    "PySide6/Qt/plugins/imageformats/*tiff*",
    "PySide6/Qt/plugins/imageformats/*webp*",
    "PySide6/Qt/plugins/imageformats/*tga*",
    "PySide6/Qt/plugins/imageformats/*wbmp*",
    "PySide6/Qt/plugins/imageformats/*icns*",
    "PySide6/Qt/plugins/networkinformation",
    "PySide6/Qt/plugins/tls",
    "PySide6/plugins/networkinformation",
    "PySide6/plugins/tls",
    "numpy/*/tests",
    "numpy/tests",
    "pyqtgraph/examples",
    "pyqtgraph/icons/peegee",
    "pyqtgraph/**/*.pyi",
    "PySide6/Qt/plugins/wayland-graphics-integration-client/*vulkan*",
    "PySide6/Qt/lib/libQt6EglF*",
)
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
        venv.create(folder, with_pip=True)
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
    """Take the unused files out of the internal folder."""
    for pattern in UNUSED:
        for path in inside.glob(pattern):
            _remove(path)
    if sys.platform == "linux":
        for path in inside.glob("lib*.so*"):
            kept = any(path.match(pattern) for pattern in KEPT_SYSTEM_LIBRARIES)
            if not path.is_symlink() and not kept:
                _remove(path)
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


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


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
