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
    """The libraries that binaries in a folder link to and that do not lie in it, sorted.

    The Python of the full download is a world of its own: what lies in one is not found from the
    other.
    """
    binaries = [path for path in folder.rglob("*") if _is_binary(path)]
    inner = [path for path in binaries if "python" in path.relative_to(folder).parts]
    window = [path for path in binaries if path not in set(inner)]
    return sorted(_wanted_outside(inner, patchelf) | _wanted_outside(window, patchelf))


def _wanted_outside(binaries: list[Path], patchelf: Path) -> set[str]:
    """What binaries link to that none of them is; links of other names lie beside them."""
    beside = {name for path in binaries for name in _names_of(path)}
    wanted: set[str] = set()
    for binary in binaries:
        command = [str(patchelf), "--print-needed", str(binary)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        wanted.update(answer.stdout.split())
    loader = {name for name in wanted if name.startswith("ld-linux")}
    return wanted - beside - loader


def _names_of(library: Path) -> set[str]:
    """Its name and those of the links to it in its folder, by which others know it."""
    stem = library.name.partition(".so")[0]
    links = [path for path in library.parent.glob(f"{stem}.so*") if path.is_symlink()]
    return {library.name, *(path.name for path in links)}


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
