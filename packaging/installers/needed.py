"""What a finished program's folder wants of the system: the shared libraries that are not in it.

The names are read from the files themselves, so that a package depends on what is used and on
nothing else.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from bootstrap.system_libraries import ALWAYS, FOR_WAYLAND, FOR_X11

_ELF = b"\x7fELF"
# Of the C library, the compiler's own, and those that come with the libraries of the lists.
_OF_THE_SYSTEM = {
    "libc.so.6": "libc6", "libm.so.6": "libc6", "libdl.so.2": "libc6", "librt.so.1": "libc6",
    "libpthread.so.0": "libc6", "libutil.so.1": "libc6", "libresolv.so.2": "libc6",
    "libgcc_s.so.1": "libgcc-s1", "libstdc++.so.6": "libstdc++6", "libz.so.1": "zlib1g",
    "libgthread-2.0.so.0": "libglib2.0-0", "libbrotlicommon.so.1": "libbrotli1",
    "libXext.so.6": "libxext6", "libxcb-glx.so.0": "libxcb-glx0",
}  # fmt: skip
DEBIAN = {**ALWAYS, **FOR_X11, **FOR_WAYLAND, **_OF_THE_SYSTEM}
# Newer Debian and Ubuntu releases call them otherwise.
_RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}


def libraries(folder: Path, patchelf: Path) -> list[str]:
    """The libraries that binaries in a folder link to and that do not lie in it, sorted."""
    binaries = [path for path in folder.rglob("*") if _is_binary(path)]
    inside = {path.name for path in folder.rglob("*.so*")}
    wanted: set[str] = set()
    for binary in binaries:
        command = [str(patchelf), "--print-needed", str(binary)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        wanted.update(answer.stdout.split())
    loader = {name for name in wanted if name.startswith("ld-linux")}
    return sorted(wanted - inside - loader)


def debian_packages(names: Iterable[str]) -> list[str]:
    """The packages that hold these libraries, each with the name that newer releases use.

    Raises:
        SystemExit: a library's package is not known.
    """
    names = list(names)
    unknown = sorted(set(names) - DEBIAN.keys())
    if unknown:
        raise SystemExit(
            f"nobody knows the package of {', '.join(unknown)}: name it in "
            "bootstrap/system_libraries.py"
        )
    packages = sorted({DEBIAN[name] for name in names})
    return [f"{name} | {_RENAMED[name]}" if name in _RENAMED else name for name in packages]


def _is_binary(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == _ELF
