"""Takes the worker's own modules out of the program's sight, and their tools out of its reach.

A program may have a module named ``explorer`` of its own, and ``sys.modules`` should hold what it
holds under plain Python. Every module of the worker must therefore be imported before.
"""

from __future__ import annotations

import builtins
import sys
from types import ModuleType

from explorer.protocol.message import prepare_checks
from explorer.protocol.messages import KINDS

PACKAGE = "explorer"


LIVE = ("sys", "builtins")
"""Modules whose attributes the worker must see as they are now."""


_NEEDED = """
len isinstance getattr hasattr iter next min max any all range zip map enumerate sorted list tuple
dict set type
""".split()
_plain = {name: vars(builtins)[name] for name in _NEEDED}


def tools_are_whole() -> bool:
    """Whether the builtins are Python's own that numpy and the standard library cannot do without;
    a program may put its own in their place for a while."""
    return all(vars(builtins).get(name) is plain for name, plain in _plain.items())


def hide_own_modules() -> list[ModuleType]:
    """Forget the package ``explorer`` and its finder; what is returned must be kept alive."""
    prepare_checks(KINDS.values())
    own = [name for name in sys.modules if name.partition(".")[0] == PACKAGE]
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if getattr(finder, "package", "") != PACKAGE
    ]
    modules = [sys.modules.pop(name) for name in own]
    keep_tools(modules)
    return modules


def keep_tools(modules: list[ModuleType]) -> None:
    """Give these modules copies of the modules that they use.

    A program may put its own functions in the place of ``json.dumps``, ``threading.get_ident`` or
    ``torch.equal``; what works for the worker must go on working.
    """
    copies: dict[str, ModuleType] = {}
    for module in modules:
        names = vars(module)
        for name, used in list(names.items()):
            if type(used) is ModuleType and used not in modules and used.__name__ not in LIVE:
                if used.__name__ not in copies:
                    copies[used.__name__] = _copy_of(used)
                names[name] = copies[used.__name__]


def _copy_of(module: ModuleType) -> ModuleType:
    copy = ModuleType(module.__name__)
    vars(copy).update(vars(module))
    return copy
