"""Python functions in the place of others, which cannot be told from those by looking at them."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from explorer.worker.program.unseen import unseen

_BEFORE, _PLAIN = "\0explorer before", "\0explorer plain"
_VARARGS_AND_KEYWORDS = 0x0001 | 0x0002


class _MethodDef(ctypes.Structure):
    """CPython's PyMethodDef."""

    _fields_ = (
        ("ml_name", ctypes.c_char_p),
        ("ml_meth", ctypes.c_void_p),
        ("ml_flags", ctypes.c_int),
        ("ml_doc", ctypes.c_char_p),
    )


class _Home(ModuleType):
    """What a builtin function has for ``__self__``: a module, which here does the work."""

    work: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.work(*args, **kwargs)


_kept: list[_MethodDef] = []
"""The interpreter goes on pointing at these."""


def builtin_like(plain: Any, work: Callable[..., Any]) -> Any:
    """A builtin function with the name and documentation of ``plain`` that does ``work``."""
    home = _Home(plain.__module__ or "builtins", getattr(plain.__self__, "__doc__", None))
    home.work = work
    signature = getattr(plain, "__text_signature__", None)
    text = plain.__doc__ or ""
    if signature:
        text = f"{plain.__name__}{signature}\n--\n\n{text}"
    call = ctypes.cast(ctypes.pythonapi.PyObject_Call, ctypes.c_void_p).value
    made = _MethodDef(plain.__name__.encode(), call, _VARARGS_AND_KEYWORDS, text.encode())
    _kept.append(made)
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype = ctypes.py_object
    new.argtypes = (ctypes.POINTER(_MethodDef), ctypes.py_object, ctypes.py_object)
    return new(ctypes.byref(made), home, plain.__module__)


def call_before(function: FunctionType, before: Callable[..., None]) -> Callable[[], None]:
    """Let a function of positional parameters alone call ``before`` first; it stays the same
    object, with the same place in its file, and its new code is laid out as the plain one.
    Returns what undoes it."""
    plain = function.__code__
    parameters = ", ".join(plain.co_varnames[: plain.co_argcount])
    source = (
        f"def {plain.co_name}({parameters}):\n"
        f"    {_BEFORE!r}({parameters})\n"
        f"    return {_PLAIN!r}({parameters})"
    )
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that text cannot be called: it will not be text
        exec(compile(source, plain.co_filename, "exec", dont_inherit=True), names)
    made = unseen(names[plain.co_name].__code__)
    meant = {
        _BEFORE: before,
        _PLAIN: FunctionType(plain, function.__globals__, plain.co_name),
    }
    consts = tuple(meant.get(one, one) if isinstance(one, str) else one for one in made.co_consts)
    function.__code__ = made.replace(
        co_consts=consts,
        co_firstlineno=plain.co_firstlineno,
        co_flags=plain.co_flags,
        co_nlocals=plain.co_nlocals,
        co_varnames=plain.co_varnames,
    )

    def undo() -> None:
        function.__code__ = plain

    return undo
