"""Lets the worker's own functions leave no trace on the stack.

From Python 3.11 on a frame counts as begun when it passes its ``RESUME`` instruction: until then
``frame.f_back``, ``sys._getframe``, tracebacks, warnings, signal handlers and trace functions step
over it. The functions here are given code in which that instruction does nothing, so whatever the
program asks of its stack, it sees its own frames alone. Python 3.10 has no such instruction; there
the frames are seen.
"""

from __future__ import annotations

import builtins
import dis
import sys
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any

_FUNCTION = 0x01  # CO_OPTIMIZED
_SUSPENDS = 0x20 | 0x80 | 0x200  # generators and coroutines
_RESUME = dis.opmap.get("RESUME", -1)
_NOTHING = dis.opmap["JUMP_BACKWARD" if sys.version_info[:2] == (3, 11) else "NOP"]
"""Put in the place of ``RESUME``, with no argument. Python 3.11 makes code quick once ``RESUME`` or
a jump backward was passed a few times: a jump by nothing keeps it so. Later ones do at once."""


def unseen(code: CodeType) -> CodeType:
    """The same code, of which the stack shows nothing; so is what is defined in it.

    Bodies of modules and classes, generators and coroutines stay as they are.
    """
    consts = tuple(unseen(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    raw = code.co_code
    if code.co_flags & _FUNCTION and not code.co_flags & _SUSPENDS:
        raw = _without_beginning(raw)
    return code.replace(co_code=raw, co_consts=consts)


def unseen_function(function: Any) -> Any:
    """A function that does the same, unseen."""
    made = FunctionType(
        unseen(function.__code__),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _without_beginning(raw: bytes) -> bytes:
    changed = bytearray(raw)
    for place in range(0, len(raw), 2):
        if raw[place] == _RESUME:
            changed[place] = _NOTHING
            changed[place + 1] = 0
    return bytes(changed)


_BUILTINS = dict(vars(builtins))


class UnseenLoader(SourceFileLoader):
    """Loads the worker's own modules so that their functions are unseen, and call what ``print``
    and ``open`` were before the program put other things there."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the body of a module."""
        vars(module)["__builtins__"] = _BUILTINS
        super().exec_module(module)

    def get_code(self, fullname: str) -> CodeType | None:
        """The code of a module."""
        code = super().get_code(fullname)
        return code if code is None else unseen(code)
