"""Takes the worker's own modules out of the program's sight.

A program may have a module named ``explorer`` of its own, and ``sys.modules`` should hold what it
holds under plain Python. Every module of the worker must therefore be imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType

from explorer.protocol.message import prepare_checks
from explorer.protocol.messages import KINDS

PACKAGE = "explorer"


def hide_own_modules() -> list[ModuleType]:
    """Forget the package ``explorer`` and its finder; what is returned must be kept alive."""
    prepare_checks(KINDS.values())
    own = [name for name in sys.modules if name.partition(".")[0] == PACKAGE]
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if getattr(finder, "package", "") != PACKAGE
    ]
    return [sys.modules.pop(name) for name in own]
