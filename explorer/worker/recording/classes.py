"""What is to be known of classes, read without a class, or the class of a class, being asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

MISSING = object()
"""What is found where there is nothing."""


def _asked(name: str) -> Callable[[type], Any]:
    read: Callable[[type], Any] = type.__dict__[name].__get__
    return read


module_of, name_of, flags_of = _asked("__module__"), _asked("__name__"), _asked("__flags__")
order_of, names_in = _asked("__mro__"), _asked("__dict__")
room_for_dict = _asked("__dictoffset__")


def of_class(order: Iterable[type], name: str) -> Any:
    """What classes in their order have under a name, else `MISSING`; no class is asked itself."""
    for cls in order:
        names = names_in(cls)
        if name in names:
            return names[name]
    return MISSING


def fills_itself(cls: type) -> bool:
    """Whether a mapping may come to hold more when it is only asked (a ``defaultdict``)."""
    return of_class(order_of(cls), "__missing__") is not MISSING
