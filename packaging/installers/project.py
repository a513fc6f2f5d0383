"""The facts of the project that every part of the packaging needs."""

from __future__ import annotations

import os
import platform
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "tensor-explorer"
TITLE = "Tensor Explorer"
SUMMARY = "See PyTorch tensors, their memory and their autograd graph, step by step"
MAINTAINER = "The Tensor Explorer authors <tensor-explorer@invalid>"
KINDS = ("full", "light")


@dataclass(frozen=True)
class Build:
    """One download to be made: its kind, and where it is put together.

    A ``quick`` one is packed within seconds and is a third larger: to be tried, not handed out.
    """

    kind: str
    work: Path
    quick: bool = False

    @property
    def package(self) -> str:
        """Name of the package: the full one has the plain name."""
        return NAME if self.kind == "full" else f"{NAME}-light"

    @property
    def other_package(self) -> str:
        """The other kind, which cannot be installed beside this one."""
        return f"{NAME}-light" if self.kind == "full" else NAME

    @property
    def folder(self) -> Path:
        """The program's folder as it will lie on the user's disk."""
        return self.work / self.kind / NAME

    @property
    def whole(self) -> Path:
        """All that is handed out: the program's folder, on macOS the application."""
        if sys.platform == "darwin":
            return self.work / self.kind / f"{TITLE}.app"
        return self.folder

    @property
    def inside(self) -> Path:
        """What PyInstaller calls the internal folder: libraries, resources, sources."""
        if sys.platform == "darwin":
            return self.whole / "Contents" / "Resources"
        return self.folder / "_internal"

    def file_name(self, ending: str) -> str:
        """tensor-explorer-light_VERSION_linux_x86_64.tar.zst and the like."""
        system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
        return f"{self.package}_{version()}_{system}_{platform.machine()}.{ending}"


def version() -> str:
    """The one version number of the program."""
    number: str = runpy.run_path(str(ROOT / "explorer" / "version.py"))["VERSION"]
    return number


def source_date() -> int:
    """Seconds since 1970 of the commit that is built; every file of a package gets this time."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def run(*command: object, cwd: Path | None = None, **variables: str) -> None:
    """Run a command in sight; its failure ends the build."""
    words = [str(word) for word in command]
    more = f" … ({len(words)} words)" if len(words) > 12 else ""
    print("+", " ".join(words[:12]) + more, flush=True)
    subprocess.run(words, check=True, cwd=cwd, env={**os.environ, **variables})
