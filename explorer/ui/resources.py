"""Where the files that the program brings along lie: icons, fonts, style sheet, lessons."""

from __future__ import annotations

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """Path of a bundled file, e.g. ``resource("icons", "search.svg")``.

    In an installed program the folder lies beside the executable's other data
    (``sys._MEIPASS``); in a checkout beside the package.
    """
    frozen_root = getattr(sys, "_MEIPASS", None)
    root = Path(frozen_root) if frozen_root else Path(__file__).resolve().parents[2]
    return root.joinpath("resources", *parts)
