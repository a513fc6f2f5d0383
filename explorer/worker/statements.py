"""Compiles the program's files so that every statement reports to the recorder.

The plain source is compiled first: its warnings and syntax errors are those of plain Python, and
its code objects are kept for those who must see the program as it was written.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import tokenize
import warnings
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

from explorer.worker.program.collector import collector_at_rest
from explorer.worker.rewrite.headers import Source
from explorer.worker.rewrite.marking import Marker
from explorer.worker.rewrite.marks import OVERFLOW, Entry, Mark
from explorer.worker.rewrite.replacing import Replacing

ROOM = 20_000
"""Calls on the stack while a file is rewritten: plain Python compiles expressions that are nested
3,000 deep, and each level takes a few calls."""

Probes = Mapping[str, Any]
"""What to put in place of each of the names in `marks`."""


class Statements:
    """All marked files of a run. Statement ids count from 1, file and entry ids from 0."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.marks: list[Mark] = []
        self.entries: list[Entry] = []
        self.plain: dict[CodeType, CodeType] = {}
        """Recorded code object -> the same code as plain Python compiles it."""
        self.known: dict[int, CodeType] = {}
        """The recorded code objects by identity: quicker to ask, as a code object's hash is made
        of all that is in it."""
        self._trusting = True
        self._replacing = Replacing(self._distrust)
        self._file_of: dict[int, int] = {}
        self._alone: dict[tuple[int, int], Mark | None] = {}

    def compile(
        self, source: bytes | str, path: str, probes: Probes, plain: CodeType | None = None
    ) -> CodeType:
        """Compile a file with probes; ``plain`` is what plain Python compiled, when known.

        Raises:
            SyntaxError, ValueError, RecursionError: as compiling the plain source does.
        """
        if plain is None:
            plain = compile(source, path, "exec", dont_inherit=True)
        with warnings.catch_warnings(), _room_to_nest(), collector_at_rest():
            warnings.simplefilter("ignore")
            try:
                more = {**self._replacing.by_name, OVERFLOW: RecursionError}
                code = self._marked(source, path, {**probes, **more})
            except RecursionError:
                return plain  # nested deeper than the rewriting can follow: run it unrecorded
        self._pair(code, plain)
        self._replacing.begin()
        return code

    def _distrust(self) -> None:
        """Functions that were known not to write may be others now."""
        self._trusting = False
        for mark in self.marks:
            mark.distrust()

    def mark_of(self, statement: int) -> Mark:
        """The mark with this id."""
        return self.marks[statement - 1]

    def mark_at(self, code: CodeType, line: int) -> Mark | None:
        """The innermost statement of a recorded code object's file that covers a line."""
        file = self._file_of[id(code)]
        covering = [mark for mark in self.marks_in(file) if mark.line <= line <= mark.end_line]
        return max(covering, key=lambda mark: (mark.line, mark.id), default=None)

    def alone_at(self, code: CodeType, line: int) -> Mark | None:
        """The one statement that runs when a recorded function is at a line; None where several
        begin there, or it is a lambda or comprehension, which may run for any statement."""
        key = (id(code), line)
        if key not in self._alone:
            marks = (
                self.marks_in(self._file_of[id(code)])
                if code.co_name[:1] != "<" or code.co_name == "<module>"
                else []
            )
            inside = [mark for mark in marks if mark.line <= line <= mark.end_line]
            last = max((mark.line for mark in inside), default=0)
            found = [mark for mark in inside if mark.line == last]
            self._alone[key] = found[0] if len(found) == 1 else None
        return self._alone[key]

    def marks_in(self, file: int) -> list[Mark]:
        """All statements of a file, in source order."""
        return [mark for mark in self.marks if mark.file == file]

    def _marked(self, source: bytes | str, path: str, probes: Probes) -> CodeType:
        try:
            code = self._marked_tree(source, path, guarded=True)
        except SyntaxError:
            # Python allows only so many blocks inside each other, and guards of probes are blocks.
            code = self._marked_tree(source, path, guarded=False)
        self.files.append(path)
        return with_probes(code, probes)

    def _marked_tree(self, source: bytes | str, path: str, guarded: bool) -> CodeType:
        marks, entries = len(self.marks), len(self.entries)
        tree: Any = compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        text = source if isinstance(source, str) else decoded(source)
        marker = Marker(Source(text), len(self.files), self.marks, self.entries, guarded)
        try:
            code: CodeType = compile(marker.module(tree), path, "exec", dont_inherit=True)
            if not self._trusting:
                self._distrust()
        except (RecursionError, SyntaxError):
            del self.marks[marks:], self.entries[entries:]
            raise
        return code

    def _pair(self, code: CodeType, plain: CodeType) -> None:
        self.plain[code] = plain
        self.known[id(code)] = code
        self._file_of[id(code)] = len(self.files) - 1
        inner = [const for const in code.co_consts if isinstance(const, CodeType)]
        others = [const for const in plain.co_consts if isinstance(const, CodeType)]
        for one, other in zip(inner, others, strict=False):
            if (one.co_name, one.co_firstlineno) == (other.co_name, other.co_firstlineno):
                self._pair(one, other)


@contextlib.contextmanager
def _room_to_nest() -> Iterator[None]:
    """Let the rewriting follow what plain Python has compiled, however deep it is nested."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, ROOM))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def with_probes(code: CodeType, probes: Probes) -> CodeType:
    """Put the probes in the place of their names, in a code object and all inside it."""
    consts = tuple(_const(const, probes) for const in code.co_consts)
    return code.replace(co_consts=consts)


def _const(const: Any, probes: Probes) -> Any:
    if isinstance(const, CodeType):
        return with_probes(const, probes)
    if type(const) is str and const in probes:
        return probes[const]
    return const


def decoded(source: bytes) -> str:
    """Source text by its own encoding declaration; it compiled, so it can be decoded."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding, "replace")
