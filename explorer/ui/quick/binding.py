"""Keeps Qt's binding from compiling and running, at each start, what hardly any start needs.

The binding carries the modules with which it explains wrong arguments, tells signatures and writes
stubs as text in its library. At import it compiles and runs them all, which takes longer than
loading Qt. Here each of them runs when it is first asked for something, as when an argument is
wrong. Nothing of them is changed; a binding that does this differently is left alone.
"""

from __future__ import annotations

import builtins
import sys
from types import CodeType, ModuleType
from typing import Any

from explorer.ui.quick.later import fill, import_later, postpone

EXPLAINING = frozenset(
    f"shibokensupport/signature/{name}.py"
    for name in (
        "mapping",
        "errorhandler",
        "layout",
        "parser",
        "lib/enum_sig",
        "lib/pyi_generator",
        "lib/tool",
    )
)
MAPPING, UPDATE = "shibokensupport.signature.mapping", "update_mapping"
_compile = builtins.compile


def begin() -> None:
    """To be called before anything of Qt is imported."""
    import_later("tempfile")
    inspect = import_later("inspect")
    if inspect is not None:
        inspect.__dict__["getsource"] = _no_source
    builtins.compile = _compile_or_wait


def end() -> None:
    """The binding has been imported.

    It watches every import from then on and reads the text of each module in search of its own
    name, so that ``from __feature__ import`` works in those that have it. There are none here.
    """
    builtins.compile = _compile
    known = vars(sys.modules["inspect"])
    if known.get("getsource") is _no_source:
        del known["getsource"]
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _no_source(module: ModuleType) -> str:
    """What `inspect` would say of a module that has no text."""
    raise OSError(f"{module.__name__} is not looked into")


def _compile_or_wait(source: Any, filename: Any, mode: str, *rest: Any, **more: Any) -> Any:
    """Stands in for `compile`, which the binding calls with the text of each of its modules."""
    if filename not in EXPLAINING or mode != "exec":
        return _compile(source, filename, mode, *rest, **more)

    def run(module: ModuleType) -> None:
        exec(_compile(source, filename, mode, *rest, **more), module.__dict__)

    _waiting.append(run)
    return _WAIT


def _wait() -> None:
    """Runs in the module that was to be compiled, instead of its own text."""
    import sys

    from explorer.ui.quick import binding

    binding.wait_in(sys.modules[__name__])


_WAIT: CodeType = _wait.__code__
_waiting: list[Any] = []


def wait_in(module: ModuleType) -> None:
    """Let the module that was compiled last run later."""
    postpone(module, _waiting.pop())
    if module.__name__ == MAPPING:
        module.__dict__[UPDATE] = lambda: _update(module)


def _update(module: ModuleType) -> Any:
    """The library calls this one function by itself, without asking the module for it."""
    fill(module)
    return module.__dict__[UPDATE]()
