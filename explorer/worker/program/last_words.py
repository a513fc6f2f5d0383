"""Destroys what a program leaves alive, as Python does when the process goes.

Objects may have something to say when they are destroyed: ``__del__``, the ``finally`` of a
generator, a weak reference's callback, a file with text not yet written. Where there is none of
these, everything is left as it is, so that the console can go on with the program's names.
"""

from __future__ import annotations

import gc
import io
import sys
import weakref
from collections.abc import Iterable
from types import CoroutineType, FunctionType, GeneratorType, ModuleType
from typing import Any

from explorer.worker.program.concealed import UNCOUNTED

_HARMLESS = frozenset(map(id, (ModuleType, int, float, complex, str, bytes, type(None))))
"""Types by identity: a class of the program may mind being compared."""
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_LAST = ("last_type", "last_value", "last_traceback", "last_exc")


def any_left() -> bool:
    """Whether something that was made since the program began has last words."""
    objects = gc.get_objects()
    kinds = set(map(type, objects))
    spoken = {kind for kind in kinds if _speaks(kind)}
    asked = {weakref.ref, GeneratorType, CoroutineType} & kinds
    if not (spoken or asked):
        return False
    return any(
        type(one) in spoken or (type(one) in asked and _has_something_to_do(one))
        for one in objects
        if one is not sys.stdout and one is not sys.stderr and one is not sys.stdin
    )


def destroy(program: str, followed: Iterable[str]) -> None:
    """Let go of the module named ``program`` and of those named ``followed``: what only they kept
    is destroyed. Nobody else may hold them.

    A new module takes the first one's place, with what has no last words: modules, numbers,
    texts, and copies of functions.
    """
    after = ModuleType(program)
    names: dict[str, Any] = getattr(sys.modules.get(program), "__dict__", {})
    vars(after).update((name, one) for name, one in names.items() if id(type(one)) in _HARMLESS)
    for name, one in names.items():
        if type(one) is FunctionType and not one.__code__.co_freevars and _is_plain(one):
            copy = FunctionType(one.__code__, vars(after), name, one.__defaults__)
            vars(after)[name] = copy
    names, one = {}, None
    for name in _LAST:
        vars(sys).pop(name, None)
    if gc.isenabled():
        gc.collect()
    sys.modules[program] = after
    for name in followed:
        sys.modules.pop(name, None)
    gc.collect()


def _is_plain(function: FunctionType) -> bool:
    return all(id(type(one)) in _HARMLESS for one in function.__defaults__ or ())


def _speaks(kind: type) -> bool:
    """Whether objects of a kind may have last words, whatever they are."""
    if issubclass(kind, io.IOBase):
        return True
    return bool(kind.__flags__ & _HEAP_TYPE) and hasattr(kind, "__del__")


def _has_something_to_do(one: Any) -> bool:
    if type(one) is GeneratorType:
        return one.gi_frame is not None and one.gi_frame.f_lasti > 0
    if type(one) is CoroutineType:
        return one.cr_frame is not None
    return one.__callback__ not in (None, UNCOUNTED)
