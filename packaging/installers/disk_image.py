"""The disk image for macOS: the signed application and a link to the folder of applications."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from installers.project import ROOT, TITLE, Build, run

ENTITLEMENTS = ROOT / "packaging" / "macos" / "entitlements.plist"
TRIES = 3
# The first bytes of programs and libraries: 64-bit, and those for several processors.
_MACH_O = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def make(build: Build, output: Path) -> Path:
    """Sign the application and pack it; the image's path.

    TENSOR_EXPLORER_IDENTITY names the certificate. Without it the signature is an anonymous one,
    which Apple's processors insist on but Gatekeeper does not trust.
    """
    application = build.whole
    sign(application, os.environ.get("TENSOR_EXPLORER_IDENTITY", "-"))
    folder = build.work / "image"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copytree(application, folder / application.name, symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    image = output / build.file_name("dmg")
    command = ["hdiutil", "create", "-volname", TITLE, "-srcfolder", folder, "-ov"]
    for attempt in range(1, TRIES + 1):
        try:
            run(*command, "-format", "ULFO", image)
            break
        except subprocess.CalledProcessError:  # the indexer of macOS may hold the folder
            if attempt == TRIES:
                raise
            time.sleep(10)
    return image


def sign(application: Path, identity: str) -> None:
    """Sign from the inside out: every library of the inner Python, then the whole.

    The bundle was sealed by PyInstaller; what was put into it since has broken that seal.
    """
    options = ["--force", "--sign", identity]
    if identity != "-":
        options += ["--timestamp", "--options", "runtime", "--entitlements", str(ENTITLEMENTS)]
    inner = application / "Contents" / "Resources" / "python"
    for path in sorted(inner.rglob("*")):
        if path.is_file() and not path.is_symlink() and _is_code(path):
            run("codesign", *options, path)
    run("codesign", *options, "--deep", application)
    run("codesign", "--verify", "--deep", "--strict", application)


def _is_code(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _MACH_O
