"""Sets the program's own trace and profile functions aside while the recorder works.

They are back when what `set_aside` returned is destroyed: held in a local variable of a probe,
that is when the probe's frame is cleared, after its return has been reported to nobody. Calls
through `functools.partial` and destructors that are no Python functions are not reported either.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

trace_function = sys.gettrace
profile_function: Callable[[], Any] = partial(sys.getprofile)
_set_profile: Callable[[Any], None] = partial(sys.setprofile)
_set_trace: Callable[[Any], None] = partial(sys.settrace)


def set_aside() -> tuple[Any, ...]:
    """Trace and profile no more; what is returned brings both functions back when it goes."""
    profile = profile_function()
    if profile is not None:
        _set_profile(None)
    trace = trace_function()
    if trace is not None:
        _set_trace(None)
    # A tuple destroys its last item first: the profile function must be back last.
    back = [] if profile is None else [_that_calls(_set_profile, profile)()]
    return (*back,) if trace is None else (*back, _that_calls(_set_trace, trace)())


@lru_cache(maxsize=4)
def _that_calls(function: Callable[[Any], None], argument: Any) -> type:
    """A class whose instances call a function when they are destroyed."""
    return type("Back", (), {"__del__": partial(function, argument), "__slots__": ()})
