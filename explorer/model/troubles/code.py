"""What a statement's text says about gradients: which ``.grad`` it reads, how it cuts a graph."""

from __future__ import annotations

import ast
from functools import lru_cache

_CUTS = {
    "detach": "detach()",
    "detach_": "detach_()",
    "data": ".data",
    "item": ".item()",
    "tolist": ".tolist()",
    "numpy": ".numpy()",
    "tensor": "torch.tensor()",
    "as_tensor": "torch.as_tensor()",
    "from_numpy": "torch.from_numpy()",
    "float": "float()",
    "int": "int()",
}
"""Attribute or function -> how it is called in a sentence; all of them leave history behind."""


@lru_cache(maxsize=4096)
def parsed(code: str) -> tuple[ast.stmt, ...]:
    """The statement, or the header of a compound one with nothing in it; empty when neither."""
    for text in (code, f"{code}\n    pass", f"if 1:\n  pass\n{code}\n    pass"):
        try:
            return tuple(ast.parse(text).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ()


def path_of(node: ast.expr) -> str:
    """``net.0.weight`` or ``rows[2]`` as names of a recording are written; empty for others."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = path_of(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        owner = path_of(node.value)
        return f"{owner}[{node.slice.value!r}]" if owner else ""
    return ""


@lru_cache(maxsize=4096)
def gradient_reads(code: str) -> tuple[str, ...]:
    """Paths whose ``.grad`` the statement reads and uses, other than asking whether it is None."""
    asked = set()
    found: list[str] = []
    for statement in parsed(code):
        for node in ast.walk(statement):
            if isinstance(node, ast.Compare) and any(_is_none(part) for part in node.comparators):
                asked.add(id(node.left))
            if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
                asked.add(id(node.test))
        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "grad"
                and isinstance(node.ctx, ast.Load)
                and id(node) not in asked
            ):
                found.append(path_of(node.value))
    return tuple(path for path in dict.fromkeys(found) if path)


@lru_cache(maxsize=4096)
def paths_read(code: str) -> frozenset[str]:
    """Every path that the statement reads, and every path that such a path begins with."""
    found: set[str] = set()
    for statement in parsed(code):
        for node in ast.walk(statement):
            if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                path = path_of(node)
                if path:
                    found.add(path)
    return frozenset(found)


@lru_cache(maxsize=4096)
def cuts_in(code: str) -> tuple[str, ...]:
    """How the statement leaves history behind, as it would be said: ``detach()``, ``.item()``."""
    found = []
    for statement in parsed(code):
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.append(_CUTS.get(node.attr, ""))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found.append(_CUTS.get(node.func.id, ""))
    return tuple(cut for cut in dict.fromkeys(found) if cut)


def mentions(code: str, *words: str) -> bool:
    """Whether one of the words stands in the text, in any case."""
    lower = code.lower()
    return any(word in lower for word in words)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
