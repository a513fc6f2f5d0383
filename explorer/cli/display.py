"""Why no window can be opened here, if none can."""

from __future__ import annotations

import os
import sys


def why_no_window() -> str:
    """One sentence, or nothing when there is a display."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no display: start tensor-explorer from a desktop session; "
        "'tensor-explorer steps' and 'tensor-explorer shot' need none."
    )


def why_no_qt(err: ImportError) -> str:
    """A missing system library or package, in one sentence."""
    library = str(err).partition(":")[0]
    if ".so" in library:
        return (
            f"Qt needs the system library {library}, which is not installed; on Debian and Ubuntu "
            "run 'sudo apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libxcb-cursor0'."
        )
    return f"The window's packages are not complete ({err}); install tensor-explorer again."
