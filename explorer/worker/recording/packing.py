"""Columns of numbers as they travel: behind each other, little-endian."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from typing import Any


def little_endian(columns: Iterable[array[Any]]) -> bytes:
    """The bytes of all columns, one after another."""
    parts = []
    for column in columns:
        if sys.byteorder == "big":
            column = array(column.typecode, column)
            column.byteswap()
        parts.append(column.tobytes())
    return b"".join(parts)
