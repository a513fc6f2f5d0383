"""What a statement's syntax leaves open, and the objects that its names stand for can tell.

Whether ``net(x)``, ``held[key] = x`` or ``for row in rows`` may write into a tensor depends on what
``net``, ``held`` and ``rows`` are. A statement carries such questions as `Ask`.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

CALLED, FILLED, GIVEN, RAISED, LOOPED, CALLED_TWICE = range(6)
METHOD, METHOD_INSIDE, WRITTEN, CLIPPED, AUGMENTED = range(6, 11)
"""It is called; an item of it is stored; an attribute of it is; one is made more (``self.count +=
1``); a loop goes over it; what it gives is called (``nn.MSELoss()(x, y)``); a method of it is
called that is named like one that writes nothing (a module may be called ``norm``); the same of one
of its items, nobody knows which; a method of it that writes in place is called, or one of what its
``attribute`` gives; the gradients of its parameters are clipped; something is added to it (``x +=
y``)."""

OF_METHODS = (METHOD, METHOD_INSIDE)

MORE = "more"
"""The attribute of a question about what an item is stored in again, made more."""


class Key(NamedTuple):
    """A key as it is written: a name, or a number or text."""

    is_name: bool
    value: str | int


class Ask(NamedTuple):
    """A question about the object at ``path``: a name and attributes behind it.

    ``attribute`` is the one that is stored; of a `METHOD` its name; of what is `CALLED` the number
    of its arguments, empty when there are named ones; of what is `WRITTEN` perhaps ``data`` or
    ``grad``; of what is `CLIPPED` the function that clips.
    """

    kind: int
    path: tuple[str, ...]
    attribute: str = ""
    key: Key | None = None
    """Of the object an item is meant, under this key."""

    def names(self) -> tuple[str, ...]:
        """The names that the answer depends on."""
        by_name = self.key is not None and self.key.is_name
        return (self.path[0], str(self.key.value)) if self.key and by_name else self.path[:1]


def path_of(node: ast.expr) -> tuple[str, ...]:
    """A name and the attributes behind it; empty when an expression is anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def ask_of(kind: int, node: ast.expr) -> Ask | None:
    """The question about what an expression stands for; None when it is no plain path."""
    path = path_of(node)
    return Ask(kind, path) if path else None


def ask_of_item(kind: int, node: ast.expr) -> Ask | None:
    """The question about an item (``held[key]``), or about what any other expression stands for."""
    if not isinstance(node, ast.Subscript):
        return ask_of(kind, node)
    found, key = ask_of(kind, node.value), _key_of(node.slice)
    return found._replace(key=key) if found is not None and key is not None else None


def ask_of_method(function: ast.Attribute) -> Ask | None:
    """The question about whose method is called; None when it is of what an expression gives."""
    owner = function.value
    found = ask_of_item(METHOD, owner)
    if found is None and isinstance(owner, ast.Subscript):
        found = ask_of(METHOD_INSIDE, owner.value)
    return found._replace(attribute=function.attr) if found is not None else None


def _key_of(node: ast.expr) -> Key | None:
    if isinstance(node, ast.Name):
        return Key(True, node.id)
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
        return Key(False, node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        from_end = _key_of(node.operand)
        if from_end is not None and isinstance(from_end.value, int):
            return Key(False, -from_end.value)
    return None


def ask_of_store(target: ast.Attribute | ast.Subscript) -> Ask | None:
    """The same for what is stored into."""
    if isinstance(target, ast.Subscript):
        return ask_of(FILLED, target.value)
    found = ask_of(GIVEN, target.value)
    return found._replace(attribute=target.attr) if found is not None else None


def ask_of_more(target: ast.Name | ast.Attribute | ast.Subscript) -> Ask | None:
    """The same for the target of an augmented assignment."""
    if isinstance(target, ast.Name):
        return Ask(AUGMENTED, (target.id,))
    if isinstance(target, ast.Attribute):
        found = ask_of(RAISED, target.value)
        return found._replace(attribute=target.attr) if found is not None else None
    found = ask_of(FILLED, target.value)
    if found is None:
        return None
    return found._replace(attribute=MORE, key=_key_of(target.slice))
