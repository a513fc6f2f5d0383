"""What PyInstaller brings along, on any of the systems, and the window never asks for.

Qt's parts lie in PySide6/Qt on Linux and macOS and in PySide6 itself on Windows; Linux's libraries
and macOS's frameworks are linked to from the internal folder as well.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

# libQt6Qml.so.6, Qt6Qml.dll, QtQml.framework and the links of these names.
_LIBRARIES = re.compile(r"(lib)?Qt6?(Qml|Quick|Pdf|VirtualKeyboard|Egl)")
_PLUGINS = {
    "egldeviceintegrations": "*",
    "generic": "*",
    "imageformats": "*pdf* *tiff* *webp* *tga* *wbmp* *icns*",
    "networkinformation": "*",
    "platforminputcontexts": "*virtualkeyboard*",
    "platforms": "*eglfs* *linuxfb* *vkkhrdisplay* *vnc* *minimal* *direct2d*",
    "platformthemes": "*gtk3*",
    "tls": "*",
    "wayland-graphics-integration-client": "*vulkan*",
}
_OTHERS = (
    "PySide6/translations/*", "PySide6/qml/*", "numpy/tests/*", "numpy/*/tests/*",
    "pyqtgraph/examples/*", "pyqtgraph/icons/peegee/*", "pyqtgraph/*.pyi",
)  # fmt: skip


def is_unused(place: str) -> bool:
    """Whether a file or link, by its place in the internal folder, can be left out."""
    place = place.replace("\\", "/")
    if any(_LIBRARIES.match(part) for part in place.split("/")):
        return True
    place = place.replace("PySide6/Qt/", "PySide6/", 1)
    folder, _, rest = place.removeprefix("PySide6/plugins/").partition("/")
    if place.startswith("PySide6/plugins/"):
        return any(fnmatchcase(rest, pattern) for pattern in _PLUGINS.get(folder, "").split())
    return any(fnmatchcase(place, pattern) for pattern in _OTHERS)
