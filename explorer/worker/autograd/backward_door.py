"""The one function of torch through which every backward pass goes, with a door on each side.

``backward()``, ``autograd.grad``, double backward and checkpointing all call
``torch.autograd.graph._engine_run_backward``. Its code is compiled again from torch's own source
with a call before and a call after, at the same lines of the same file: a traceback through it
reads as it always did, and every module that imported the function goes through the doors.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

import torch.autograd.graph

_PLACE = "the doors of the recorder"
_DOORS = "_doors_of_backward"
_PASS = "_pass_of_backward"


class BackwardDoor:
    """Calls ``before(outputs, arguments)`` and ``after(pass, error)`` around every pass.

    ``arguments`` are what the engine is given besides the outputs, by name; ``pass`` is what
    ``before`` returned; ``error`` what the pass raised, or None. Neither may raise.
    """

    def __init__(
        self,
        before: Callable[[Any, dict[str, Any]], Any],
        after: Callable[[Any, BaseException | None], None],
    ) -> None:
        self._before = before
        self._after = after
        self._plain: CodeType | None = None
        self._function: Any = None

    def install(self) -> None:
        """Put the doors in; does nothing when they are in."""
        if self._plain is None:
            self._function = torch.autograd.graph._engine_run_backward
            self._plain = self._function.__code__
            self._function.__code__ = _with_doors(self._function, self)

    def remove(self) -> None:
        """Give torch its own code back."""
        if self._plain is not None:
            self._function.__code__ = self._plain
            self._plain = None

    def enter(self, outputs: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Called by the compiled function before the engine."""
        handled = sys.exc_info()[1]
        names = ("gradients", "retain_graph", "create_graph", "inputs")
        arguments = {**dict(zip(names, args, strict=False)), **options}
        return handled, self._before(outputs, arguments)

    def leave(self, entered: tuple[BaseException | None, Any]) -> None:
        """Called by the compiled function when the engine is done or has raised."""
        handled, made = entered
        error = sys.exc_info()[1]
        self._after(made, error if error is not handled else None)


def _with_doors(function: Any, door: BackwardDoor) -> CodeType:
    """The code of the function with calls to ``door`` around its body.

    Raises:
        LookupError: when its source is not there or does not hold it.
    """
    path = inspect.getsourcefile(function)
    if path is None:
        raise LookupError("torch came without the source of its backward.")
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        module = ast.parse(file.read(), path)
    found = [
        node
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__
    ]
    if not found:
        raise LookupError(f"{path} does not hold {function.__name__}.")
    plain: CodeType = function.__code__
    module.body = [_doors_around(found[0])]
    future = plain.co_flags & 0xFFFF00
    compiled = compile(module, plain.co_filename, "exec", flags=future, dont_inherit=True)
    codes = [code for code in compiled.co_consts if isinstance(code, CodeType)]
    code = next(code for code in codes if code.co_name == plain.co_name)
    return code.replace(
        co_consts=tuple(door if value == _PLACE else value for value in code.co_consts)
    )


def _doors_around(function: ast.FunctionDef) -> ast.FunctionDef:
    """``doors = ...; pass_ = doors.enter(...); try: <body> finally: doors.leave(pass_)``."""
    signature = function.args
    first = (signature.posonlyargs + signature.args)[0].arg
    star = signature.vararg.arg if signature.vararg else "()"
    options = signature.kwarg.arg if signature.kwarg else "{}"
    source = (
        f"{_DOORS} = {_PLACE!r}\n"
        f"{_PASS} = {_DOORS}.enter({first}, {star}, {options})\n"
        f"try:\n    pass\nfinally:\n    {_DOORS}.leave({_PASS})"
    )
    body = ast.parse(source).body
    for statement in body:
        for node in ast.walk(statement):
            ast.copy_location(node, function.body[-1])
    tried = body[-1]
    assert isinstance(tried, ast.Try)
    tried.body = function.body
    function.body = body
    function.decorator_list = []
    return ast.fix_missing_locations(function)
