"""The Debian package."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from pathlib import Path

from installers.linux_root import LINUX
from installers.needed import debian_packages
from installers.project import MAINTAINER, SUMMARY, Build, run, source_date, version

# Beside the libraries: the layouts of keyboards, which the program's own libxkbcommon reads.
ALSO = ("xkb-data",)
DESCRIPTION = {
    "full": (
        " Runs a PyTorch program once, keeps every step, and walks through it\n"
        " forward and back. This package brings its own Python and PyTorch (CPU)\n"
        " and needs no network."
    ),
    "light": (
        " Runs a PyTorch program once, keeps every step, and walks through it\n"
        " forward and back. This package brings the window alone and runs\n"
        " programs in a Python of yours that has torch and numpy."
    ),
}


def make(build: Build, root: Path, libraries: list[str], target: Path) -> Path:
    """Pack a laid-out root that links to these libraries of the system; the package's path."""
    control, overrides = root / "DEBIAN", root / "usr" / "share" / "lintian"
    for folder in (control, overrides):
        shutil.rmtree(folder, ignore_errors=True)
    _explain_to_lintian(build, overrides / "overrides")
    control.mkdir()
    (control / "control").write_text(_control(build, root, libraries), encoding="utf-8")
    (control / "md5sums").write_text(_sums(root), encoding="utf-8")
    for path in [control, *control.iterdir(), overrides, *overrides.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (source_date(), source_date()))
    package = target / f"{build.package}_{version()}_{architecture()}.deb"
    packed = ("-Zzstd", "-z1") if build.quick else ("-Zxz", "-z6")
    run(
        "dpkg-deb", "--root-owner-group", *packed, "--threads-max=2", "--build", root,
        package, SOURCE_DATE_EPOCH=str(source_date()),
    )  # fmt: skip
    for folder in (control, overrides):
        shutil.rmtree(folder)
    return package


def _explain_to_lintian(build: Build, folder: Path) -> None:
    """What Debian's checker finds and is meant to be so, with the reasons."""
    folder.mkdir(parents=True)
    words = (LINUX / "lintian-overrides").read_text(encoding="utf-8")
    file = folder / build.package
    file.write_text(words.replace("@PACKAGE@", build.package), encoding="utf-8")


def architecture() -> str:
    """Debian's word for this machine."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def _control(build: Build, root: Path, libraries: list[str]) -> str:
    glibc = f"libc6 (>= {platform.libc_ver()[1]})"
    depends = [glibc if name == "libc6" else name for name in debian_packages(libraries)]
    sizes = [path.lstat().st_size for path in root.rglob("*") if not path.is_dir()]
    fields = {
        "Package": build.package,
        "Version": version(),
        "Architecture": architecture(),
        "Maintainer": MAINTAINER,
        "Installed-Size": str(sum((size + 1023) // 1024 for size in sizes)),
        "Depends": ", ".join([*depends, *ALSO]),
        "Conflicts": build.other_package,
        "Replaces": build.other_package,
        "Section": "science",
        "Priority": "optional",
        "Description": f"{SUMMARY}\n{DESCRIPTION[build.kind]}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _sums(root: Path) -> str:
    lines = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts:
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            lines.append(f"{digest}  {path.relative_to(root)}\n")
    return "".join(lines)


def is_possible() -> bool:
    """Whether this machine has Debian's packer."""
    return shutil.which("dpkg-deb") is not None
