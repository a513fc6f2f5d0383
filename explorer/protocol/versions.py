"""The oldest Python and torch that can run programs under the recorder."""

from __future__ import annotations

import re

OLDEST_PYTHON = (3, 10)
OLDEST_TORCH = (2, 6)


def numbers(version: str) -> tuple[int, ...]:
    """``2.13.0+cpu`` -> (2, 13, 0)."""
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0])[:3]))
