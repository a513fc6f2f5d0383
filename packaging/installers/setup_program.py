"""The setup program for Windows, made by Inno Setup 6.3 or newer, or by Inno Setup 7."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from installers.project import ROOT, Build, run, version

SCRIPT = ROOT / "packaging" / "windows" / "tensor-explorer.iss"
# Windows takes paths of 260 characters; the rest is for the folder of programs in a user's home.
LONGEST = 180


def make(build: Build, output: Path) -> Path:
    """Compile the script over the program's folder; the setup program's path."""
    check_lengths(build.folder)
    name = build.file_name("exe").removesuffix(".exe")
    run(
        compiler(), "-q", f"-dVersion={version()}", f"-dKind={build.kind}",
        f"-dFolder={build.folder}", f"-dIcon={build.work / 'tensor-explorer.ico'}",
        f"-dLicence={ROOT / 'LICENSE'}", f"-o{output}", f"-f{name}", SCRIPT,
    )  # fmt: skip
    return output / f"{name}.exe"


def check_lengths(folder: Path) -> None:
    """Whether all that is in a folder can be installed.

    Raises:
        SystemExit: a path is too long.
    """
    for path in folder.rglob("*"):
        inside = str(path.relative_to(folder))
        if len(inside) > LONGEST:
            raise SystemExit(f"{inside} is longer than {LONGEST}: Windows cannot take it")


def compiler() -> str:
    """Inno Setup's command-line compiler.

    Raises:
        SystemExit: it is not installed.
    """
    found = shutil.which("ISCC.exe")
    if found:
        return found
    for name in ("Inno Setup 6", "Inno Setup 7"):
        for variable in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
            folder = Path(os.environ.get(variable, ""))
            for place in (folder / name, folder / "Programs" / name):
                if (place / "ISCC.exe").is_file():
                    return str(place / "ISCC.exe")
    raise SystemExit("Inno Setup is not installed: run 'choco install innosetup'")
