"""Through which names a statement writes, as its text tells."""

from __future__ import annotations

import ast

_VIEWING = ("data", "T", "mT", "H", "mH", "real", "imag")
_MODULES = ("torch", "F", "init", "nn.init", "torch.nn.init")


def written_names(code: str) -> tuple[str, ...]:
    """Paths whose tensors the statement writes in place, in order: `d` for `d[0] *= 10`.

    Understood are assignments to an index or attribute, augmented assignments, methods and
    functions whose name ends in one underscore, and `out=`. Empty for anything else, such as
    `optimizer.step()`.
    """
    body = _body(code)
    found: list[str] = []
    for statement in body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                found.extend(_targets(target, rebinds=True))
        elif isinstance(statement, ast.AugAssign):
            found.extend(_targets(statement.target, rebinds=False))
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                found.extend(_of_call(node))
    return tuple(dict.fromkeys(found))


def _body(code: str) -> list[ast.stmt]:
    """The statement, or the header of a compound one with nothing in it."""
    for text in (code, f"{code}\n    pass"):
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return []


def _targets(target: ast.expr, rebinds: bool) -> list[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [path for one in target.elts for path in _targets(one, rebinds)]
    if isinstance(target, ast.Subscript):
        return _paths(target.value)
    if isinstance(target, ast.Attribute) and target.attr in ("data", "real", "imag"):
        return _paths(target.value)
    return [] if rebinds else _paths(target)


def _of_call(node: ast.Call) -> list[str]:
    found = [path for word in node.keywords if word.arg == "out" for path in _outs(word.value)]
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if isinstance(node.func, ast.Name):
        name = node.func.id
    if not name.endswith("_") or name.endswith("__"):
        return found
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        found.extend(_paths(node.func.value))
    elif node.args:
        found.extend(_paths(node.args[0]))
    return found


def _outs(value: ast.expr) -> list[str]:
    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
    return [path for part in parts for path in _paths(part)]


def _is_module(node: ast.expr) -> bool:
    """Whether a function is called on it, `torch.relu_(x)`, and not a method of a tensor."""
    name = ast.unparse(node)
    return name in _MODULES or name.endswith(".functional")


def _paths(node: ast.expr) -> list[str]:
    """The path that an expression starts from: `x` for `x.view(2, 3)[0].data`."""
    while True:
        text = ast.unparse(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        elif _looks_into(node):
            assert isinstance(node, (ast.Attribute, ast.Subscript))
            node = node.value
        elif isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return [text]
        else:
            return []


def _looks_into(node: ast.expr) -> bool:
    """Whether it is a view of a tensor, and not an item of a container with its own path."""
    if isinstance(node, ast.Subscript):
        index = node.slice
        item = isinstance(index, ast.Constant) and isinstance(index.value, (int, str))
        return not item or any(isinstance(one, ast.Call) for one in ast.walk(node.value))
    return isinstance(node, ast.Attribute) and node.attr in _VIEWING
