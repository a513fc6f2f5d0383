"""The text of a statement as a list of steps shows it: of a compound one only the header."""

from __future__ import annotations

import ast
from bisect import bisect_left
from dataclasses import dataclass

LONGEST = 200

HEADED = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.ExceptHandler,
)


@dataclass(frozen=True)
class Place:
    """Lines from 1, and the text."""

    line: int
    end_line: int
    text: str


class Source:
    """A file's lines, as bytes because the syntax tree counts columns in bytes."""

    def __init__(self, text: str) -> None:
        normal = text.replace("\r\n", "\n").replace("\r", "\n")
        self._lines = [line.encode("utf-8", "surrogatepass") for line in normal.split("\n")]
        self._outs, self._withs = self._lines_with(b"out"), self._lines_with(b"with")

    def may_tell_out(self, statement: ast.stmt) -> bool:
        """Whether a call in a statement may be told by ``out=`` where to write."""
        return _is_any_in(self._outs, statement)

    def may_swallow(self, statement: ast.stmt) -> bool:
        """Whether a ``with`` in a statement may end a statement inside it before its end, so that
        the program goes on behind."""
        return _is_any_in(self._withs, statement)

    def _lines_with(self, word: bytes) -> list[int]:
        return [number for number, line in enumerate(self._lines, 1) if word in line]

    def place(self, node: ast.stmt | ast.ExceptHandler | ast.match_case) -> Place:
        """Where a statement stands and how it reads."""
        if isinstance(node, ast.match_case):
            line, last = node.pattern.lineno, node.body[-1].end_lineno
            return Place(line, last or line, self._header((line, 0), _start(node.body[0])))
        start = (node.lineno, node.col_offset)
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.Match):
            text = self._header(start, (node.cases[0].pattern.lineno, 0))
        elif isinstance(node, HEADED):
            text = self._header(start, _start(node.body[0]))
        else:
            text = self._text(start, (last, node.end_col_offset or 0))
        return Place(node.lineno, last, text)

    def _header(self, start: tuple[int, int], stop: tuple[int, int]) -> str:
        """From ``start`` to the colon, which stands before ``stop``; comments left out."""
        for end in range(start[0], stop[0]):
            line = self._lines[end - 1].partition(b" #")[0].rstrip()
            if line.endswith(b":"):
                return self._text(start, (end, len(line)))
        return self._text(start, stop)

    def _text(self, start: tuple[int, int], stop: tuple[int, int]) -> str:
        lines = self._lines[start[0] - 1 : stop[0]]
        if not lines:
            return ""
        lines = [*lines[:-1], lines[-1][: stop[1]]]
        lines[0] = lines[0][start[1] :]
        text = " ".join(line.decode("utf-8", "replace").strip() for line in lines)
        return text.strip()[:LONGEST]


def _is_any_in(lines: list[int], statement: ast.stmt) -> bool:
    if not lines:
        return False
    place = bisect_left(lines, _start(statement)[0])
    return place < len(lines) and lines[place] <= (statement.end_lineno or 0)


def _start(statement: ast.stmt) -> tuple[int, int]:
    decorators = getattr(statement, "decorator_list", None)
    first = decorators[0] if decorators else statement
    return first.lineno, first.col_offset - int(bool(decorators))
