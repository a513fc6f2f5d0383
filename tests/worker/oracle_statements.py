"""Which statement an instruction belongs to, from the positions that the compiler left in it."""

from __future__ import annotations

import ast
from types import CodeType

Position = tuple[int, int]
Node = ast.stmt | ast.ExceptHandler | ast.match_case
"""A statement, or a clause that is a step of its own: ``except ...:``, ``case ...:``."""

_COMPOUND = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.Match,
    ast.ExceptHandler,
    ast.match_case,
)


class Statements:
    """All statements of one file, found by the place of an instruction in the text."""

    def __init__(self, text: str, path: str) -> None:
        self._nodes = _statements_in_order(ast.parse(text, path))
        self._of_code: dict[CodeType, list[Node | None]] = {}

    def at(self, code: CodeType, offset: int) -> Node | None:
        """The innermost statement to which the instruction at byte ``offset`` belongs.

        None for instructions without a place and for those that open a function or class body:
        their place is the ``def`` or ``class`` line, which belongs to the scope around.
        """
        if code not in self._of_code:
            self._of_code[code] = [self._find(code, place) for place in code.co_positions()]
        return self._of_code[code][offset // 2]

    def _find(self, code: CodeType, place: tuple[int | None, ...]) -> Node | None:
        line, column = place[0], place[2]
        if not line or column is None:
            return None
        # Later ones in the list are deeper, so the last that contains the place is the innermost.
        inside = [n for n in self._nodes if _start(n) <= (line, column) < _end(n)]
        opening = [place for place, node in enumerate(inside) if _opens(node, code)]
        own = inside[opening[-1] + 1 :] if opening else inside
        if not own or (code.co_name != "<module>" and not opening):
            return None
        return own[-1]


def _statements_in_order(tree: ast.AST) -> list[Node]:
    found: list[Node] = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, Node):
            found.append(child)
        found.extend(_statements_in_order(child))
    return found


def line_of(node: Node) -> int:
    """The line on which a statement or clause begins, from 1."""
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


def _start(node: Node) -> Position:
    if isinstance(node, ast.match_case):
        return (node.pattern.lineno, node.pattern.col_offset)
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([(node.lineno, node.col_offset)] + [(d.lineno, d.col_offset) for d in decorators])


def _end(node: Node) -> Position:
    if isinstance(node, ast.match_case):
        return _end(node.body[-1])
    return (node.end_lineno or node.lineno, node.end_col_offset or 0)


def _opens(node: Node, code: CodeType) -> bool:
    """Whether ``code`` is the body that this ``def`` or ``class`` makes."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return node.name == code.co_name and _start(node)[0] == code.co_firstlineno


def is_compound(node: Node) -> bool:
    """Whether it has a header that may run more often than once; a definition has not."""
    return isinstance(node, _COMPOUND) or type(node).__name__ == "TryStar"
