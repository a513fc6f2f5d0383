"""What a ``threading.local`` holds for the thread that asks."""

from __future__ import annotations

import ctypes
import threading
from typing import Any

_KEY = "thread.local."
_state_of_thread = ctypes.pythonapi.PyThreadState_GetDict
_state_of_thread.restype, _state_of_thread.argtypes = ctypes.c_void_p, ()
_attribute: Any = threading.local.__getattribute__


def held_here(local: threading.local) -> dict[str, Any]:
    """Its attributes in this thread; nothing where this thread has not used it yet, as to be asked
    for the first time runs ``__init__`` of a class of the program."""
    state = _state_of_thread()
    if state is None:
        return {}
    for key in ctypes.cast(state, ctypes.py_object).value:
        if type(key) is str and key.startswith(_KEY) and int(key[len(_KEY) :], 16) == id(local):
            held: dict[str, Any] = _attribute(local, "__dict__")
            return held
    return {}
