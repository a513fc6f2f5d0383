"""Sets the program's own trace and profile functions aside while the recorder works.

They are back when what `set_aside` returned is destroyed: held in a local variable of a probe,
that is when the probe's frame is cleared, after its return has been reported to nobody. Calls
through `functools.partial` and destructors that are no Python functions are not reported either.

A profiler written in C (``cProfile`` up to Python 3.11) cannot be set a second time from here, so
Python is told to look away from the thread instead.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

trace_function = sys.gettrace
profile_function: Callable[[], Any] = partial(sys.getprofile)
_set_profile: Callable[[Any], None] = partial(sys.setprofile)
_set_trace: Callable[[Any], None] = partial(sys.settrace)
_callable = partial(callable)
_api: Any = ctypes.pythonapi
_this_thread = _api.PyThreadState_Get
_this_thread.restype, _this_thread.argtypes = ctypes.c_void_p, ()
_CAN_LOOK_AWAY = sys.version_info >= (3, 11)
if _CAN_LOOK_AWAY:
    _look_away, _look_again = _api.PyThreadState_EnterTracing, _api.PyThreadState_LeaveTracing
    for _function in (_look_away, _look_again):
        _function.restype, _function.argtypes = None, (ctypes.c_void_p,)


def set_aside() -> tuple[Any, ...]:
    """Trace and profile no more; what is returned brings both functions back when it goes."""
    profile = profile_function()
    if profile is not None:
        if not _callable(profile):
            return _looked_away()
        _set_profile(None)
    trace = trace_function()
    if trace is not None:
        _set_trace(None)
    # A tuple destroys its last item first: the profile function must be back last.
    back = () if profile is None else (_at_its_end(_set_profile, profile),)
    return back if trace is None else (*back, _at_its_end(_set_trace, trace))


def _looked_away() -> tuple[Any, ...]:
    """The same for all that watches this thread, whatever it is."""
    if not _CAN_LOOK_AWAY:
        return ()
    thread = _this_thread()
    _look_away(thread)
    return (_at_its_end(_look_again, thread),)


class _Back:
    """Calls what its only slot holds when it is destroyed: Python looks ``__del__`` up there."""

    __slots__ = ("__del__",)


def _at_its_end(function: Callable[[Any], None], argument: Any) -> object:
    back = _Back()
    setattr(back, "__del__", partial(function, argument))  # noqa: B010 (no such attribute, says mypy)
    return back
