"""The names that a frame sees, read so that the frame keeps no trace of it.

Python up to 3.12 answers ``frame.f_locals`` of a function with a dictionary that it keeps in the
frame: whatever stood in there would live on until the function returns, even when the program
has let go of it. So that dictionary is emptied of the function's own names again, unless the
program holds it, too, from a call of ``locals()``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import CodeType, FrameType
from typing import Any

_IS_FUNCTION = 0x01  # CO_OPTIMIZED: names live in slots of the frame
_KEPT_IN_FRAME = sys.version_info < (3, 13)
_NOT_HELD = 3
"""References to the dictionary when the frame alone keeps it: its own, ours, and the argument."""


def names_of(frame: FrameType) -> dict[str, Any]:
    """What the names of a frame lead to; of a module or class body the namespace itself."""
    if _must_not_be_asked(frame.f_code):
        return {}
    found: Any = frame.f_locals
    if not frame.f_code.co_flags & _IS_FUNCTION:
        return found if isinstance(found, dict) else {}
    names = dict(found)
    if _KEPT_IN_FRAME and sys.getrefcount(found) <= _NOT_HELD:
        for name in variables_of(frame.f_code):
            found.pop(name, None)
    return names


def all_names(frame: FrameType) -> Mapping[str, Any]:
    """The same without what Python itself has put there (``__name__`` and the like)."""
    return {
        name: value
        for name, value in dict.items(names_of(frame))
        if not (name.startswith("__") and name.endswith("__"))
    }


def looked_up(names: tuple[str, ...], frame: FrameType) -> list[tuple[str, Any]]:
    """Names of a class body, whose mapping may be one that minds being asked."""
    local: object = None if _must_not_be_asked(frame.f_code) else frame.f_locals
    if not isinstance(local, dict):
        return []
    return [(name, dict.get(local, name)) for name in names]


def variables_of(code: CodeType) -> tuple[str, ...]:
    """The names of a function that are its own, or shared with functions around or inside it."""
    return code.co_varnames + code.co_cellvars + code.co_freevars


def _must_not_be_asked(code: CodeType) -> bool:
    """Whether a class body binds a name that is also a cell (``__class__``): asking for its names
    would have Python take that one out of the namespace."""
    if code.co_flags & _IS_FUNCTION:
        return False
    cells = code.co_cellvars
    return bool(cells) and not set(cells).isdisjoint(code.co_names)
