"""What the headers of loops and of ``with`` do to names and tensors."""

from __future__ import annotations

import ast

from explorer.worker.rewrite.asks import LOOPED, Ask, ask_of, path_of
from explorer.worker.rewrite.assigned import Effect, take_expression
from explorer.worker.rewrite.calls import Judge

_HOLDINGS = frozenset(
    prefix + name
    for prefix in ("", "named_")
    for name in "parameters buffers modules children".split()
) | {"items", "keys", "values"}
"""Methods that hand out what an object holds, one by one, and write nowhere."""

_LOOPERS = ("enumerate", "reversed", "zip")


def effect_of_loop(statement: ast.For | ast.AsyncFor, local: frozenset[str]) -> Effect:
    """The effect of the header of a loop, each time that it has handed out something."""
    effect, once = Effect(local), Effect(local)
    take_expression(statement.target, effect)
    take_expression(statement.iter, once)
    effect.uncertain = bool(once.names) or once.uncertain
    asks = _asks_of_loop(statement.iter, once.judge) if isinstance(statement, ast.For) else None
    if asks is None or once.writes:
        effect.writes = True  # a loader may write into what it hands out
    else:
        effect.asks += asks
        effect.judge.roots += once.judge.roots
    return effect


def effect_of_with(statement: ast.With | ast.AsyncWith, local: frozenset[str]) -> Effect:
    """The effect of beginning a ``with``."""
    effect = Effect(local)
    for item in statement.items:
        manager = item.context_expr
        if isinstance(manager, ast.Call) and effect.judge.only_sets_modes(manager, local):
            effect.calls = True
            for argument in (*manager.args, *(word.value for word in manager.keywords)):
                take_expression(argument, effect)
        else:
            effect.writes = True
            take_expression(manager, effect)
        if item.optional_vars is not None:
            take_expression(item.optional_vars, effect)
    return effect


def _asks_of_loop(looped: ast.expr, once: Judge) -> list[Ask] | None:
    """What must be asked to know that a loop over this hands out what is there already, and
    writes nothing; None when it cannot be known. ``once`` has judged the expression."""
    if isinstance(looped, (ast.Constant, ast.List, ast.Tuple)):
        return [] if once.pure and not once.asks else None
    if not isinstance(looped, ast.Call):
        ask = ask_of(LOOPED, looped)
        return [ask] if ask is not None else None
    function = looped.func
    if isinstance(function, ast.Attribute) and function.attr in _HOLDINGS:
        return [] if path_of(function.value) and not (looped.args or looped.keywords) else None
    if not isinstance(function, ast.Name) or function.id not in (*_LOOPERS, "range"):
        return None
    if not once.pure or once.asks or function.id not in once.roots:
        return None
    if function.id == "range":
        return []
    asks: list[Ask] = []
    for argument in looped.args:
        inner = _asks_of_loop(argument, once)
        if inner is None:
            return None
        asks += inner
    return asks
