"""What ``--version`` prints."""

from __future__ import annotations

from explorer.model.interpreters.found import look_at, own_python
from explorer.version import VERSION


def versions() -> str:
    """One line: the program, Qt, and the interpreter that runs programs with its torch."""
    try:
        from explorer.ui.about import versions_of
    except ImportError as err:  # without Qt's system libraries the rest can still be told
        return f"tensor-explorer {VERSION}, Qt cannot be loaded ({err})"
    return versions_of(look_at(own_python()))
