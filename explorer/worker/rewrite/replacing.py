"""Notices when a program puts functions of its own in the place of torch's and Python's.

What calls do is known by their names, as long as ``torch.add`` is torch's own. To ask at every call
would take longer than the call; so it is asked behind the statements that look as if they replaced
something, and from then on no call is trusted any more.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable
from operator import is_not
from typing import Any

import torch

from explorer.worker.program.aside import profile_function as _profile
from explorer.worker.program.aside import set_aside
from explorer.worker.program.aside import trace_function as _trace
from explorer.worker.rewrite.asks import path_of
from explorer.worker.rewrite.grafting import probe_call
from explorer.worker.rewrite.marks import REPLACED
from explorer.worker.rewrite.purity import FUNCTIONS

_TEXTS = {"__repr__", "__str__", "__format__", "__dir__"}
"""Methods of tensors that may be replaced without anybody minding."""


def _functions(holder: Any, names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if callable(getattr(holder, name, None)))


_OF_TENSORS = _functions(torch.Tensor, dir(torch.Tensor)) - _TEXTS
_HOLDERS: tuple[tuple[Any, frozenset[str]], ...] = (
    *((sys.modules[one], _functions(sys.modules[one], names)) for one, names in FUNCTIONS.items()),
    (torch.Tensor, _OF_TENSORS),
    (torch.nn.Parameter, _OF_TENSORS),
)
_NAMES = frozenset[str]().union(*(names for _, names in _HOLDERS))


class Replacing:
    """Whether torch's functions are still its own; ``distrust`` is told when they are not."""

    def __init__(self, distrust: Callable[[], None]) -> None:
        self._distrust = distrust
        self._plain: list[tuple[Any, dict[str, Any]]] | None = None
        self.by_name = {REPLACED: self._replaced}

    def begin(self) -> None:
        """Take what is there now for torch's own; once, before the program runs."""
        if self._plain is None:
            self._plain = [
                (vars(holder).get, dict(zip(names, map(vars(holder).get, names), strict=True)))
                for holder, names in _HOLDERS
            ]

    def _replaced(self, name: str | None) -> None:
        """Something of this name, or of any, may have been replaced."""
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        for held, plain in self._plain or ():
            if name is None:
                replaced = any(map(is_not, map(held, plain), plain.values()))
            else:
                replaced = name in plain and held(name) is not plain[name]
            if replaced:
                self._plain = []
                self._distrust()
                return


def question_behind(statement: ast.stmt) -> ast.expr | None:
    """The call that asks, behind a statement, whether it has replaced something; inside a ``with``
    or a function, whether its managers or decorators have. None when that need not be asked."""
    if isinstance(statement, ast.Assign):
        return _question_of_targets(statement.targets)
    if isinstance(statement, ast.Expr):
        called = [statement.value]
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        called = [item.context_expr for item in statement.items]
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        called = statement.decorator_list
    else:
        return None
    return next((_question(None) for one in called if _patches(one)), None)


def _question_of_targets(targets: list[ast.expr]) -> ast.expr | None:
    for target in targets:
        if isinstance(target, ast.Attribute) and target.attr in _NAMES:
            return _question(target.attr)
        if isinstance(target, ast.Subscript) and _is_namespace(target.value):
            return _question(None)
    return None


def _question(name: str | None) -> ast.expr:
    return probe_call(REPLACED, [ast.Constant(name)])


def _patches(called: ast.expr) -> bool:
    if not isinstance(called, ast.Call):
        return False
    function, given = called.func, called.args
    if isinstance(function, ast.Attribute) and _is_namespace(function.value):
        return True  # vars(torch).update(...)
    path = path_of(function)
    if path[-1:] in (("setattr",), ("__setattr__",)) and len(given) > 1:
        name = given[-2]
        return not isinstance(name, ast.Constant) or name.value in _NAMES
    return any("patch" in part for part in path)


def _is_namespace(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "vars"
    return isinstance(node, ast.Attribute) and node.attr == "__dict__"
