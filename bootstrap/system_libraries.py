"""Which system libraries Qt needs on Linux, and how Debian calls their packages.

The wheels of PySide6 bring Qt along but not what every desktop has. The lists are what ``ldd``
names for Qt's widgets, network, offscreen, X11 and Wayland parts; the packages that installers
name are taken from here as well. Run as a module it prints the packages that are missing, for a
script that installs them.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libzstd.so.1": "libzstd1",
    "libbrotlidec.so.1": "libbrotli1",
}
FOR_X11 = {
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FOR_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def missing(libraries: Mapping[str, str]) -> dict[str, str]:
    """Those of the libraries that the system's loader does not find, with their packages."""
    return {name: package for name, package in libraries.items() if not _can_be_loaded(name)}


def sentence(lacking: Mapping[str, str]) -> str:
    """What is missing and the command that mends it."""
    packages = " ".join(sorted(set(lacking.values())))
    return (
        f"Qt needs system libraries that are not installed ({', '.join(sorted(lacking))}): "
        f"on Debian and Ubuntu run 'sudo apt-get install {packages}', then start again"
    )


def _can_be_loaded(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if sys.platform == "linux":
        print("\n".join(sorted(set(missing({**ALWAYS, **FOR_X11}).values()))))
