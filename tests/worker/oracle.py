"""A second, stupid recorder, for tests alone.

    python oracle.py statements|nodes PROGRAM RESULT [ARGUMENT ...]

runs PROGRAM as ``__main__`` and writes one JSON object a line to RESULT. ``statements``: under
``sys.settrace``, every statement that ended, with every tensor that a name leads to as it stood
right then. It looks at every single instruction: when the next one of a frame belongs to another
statement, or to the same one from its beginning, the statement before has ended. ``nodes``: every
node of the graph that ran. Never both in one run: hooks on nodes change what autograd may write in
place, and with it the versions of gradients.
"""

from __future__ import annotations

import ast
import dis
import functools
import json
import os
import sys
import threading
import types
from pathlib import Path
from typing import Any

import torch

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from tests.worker import oracle_backward, oracle_cards, oracle_names  # noqa: E402
from tests.worker.oracle_statements import Node, Statements, is_compound, line_of  # noqa: E402

del sys.path[0]

Trace = Any

_NOT_STEPS = {"<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
_SUSPENDS = {dis.opmap[name] for name in ("YIELD_VALUE", "RETURN_GENERATOR") if name in dis.opmap}


@functools.cache
def _handlers(code: types.CodeType) -> frozenset[int]:
    """Where instructions go on after an exception."""
    parse: Any = vars(dis)["_parse_exception_table"]
    return frozenset(entry.target for entry in parse(code))


class Oracle:
    """Writes down what every tensor held after every statement of the files of one folder."""

    def __init__(self, folder: Path, result: Path) -> None:
        self._folder = str(folder) + os.sep
        self._sources: dict[str, Statements | None] = {}
        self._result = os.open(result, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._threads: dict[int, int] = {}
        self._frames = 0
        self._process = os.getpid()
        self.storages = oracle_cards.Storages()

    def statements_of(self, path: str) -> Statements | None:
        """The statements of a followed file; None for a file that is not followed."""
        if path not in self._sources:
            followed = os.path.normpath(path).startswith(self._folder) and path.endswith(".py")
            text = Path(path).read_text(encoding="utf-8") if followed else ""
            self._sources[path] = Statements(text, path) if followed else None
        return self._sources[path]

    def trace(self, frame: types.FrameType, event: str, arg: Any) -> Trace:
        """What ``sys.settrace`` calls when a frame is entered or goes on after a ``yield``."""
        if frame.f_trace is not None:
            return frame.f_trace
        code = frame.f_code
        statements = self.statements_of(code.co_filename)
        if statements is None or code.co_name in _NOT_STEPS:
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        self._frames += 1
        return FrameWatch(self, statements, self._frames).see

    def write(self, found: dict[str, Any]) -> None:
        """Append one record; at once, so that it is there however the process ends."""
        if os.getpid() != self._process:
            return  # a child that was forked; only the program itself is followed
        thread = threading.get_ident()
        found["thread"] = self._threads.setdefault(thread, len(self._threads))
        os.write(self._result, (json.dumps(found) + "\n").encode())


class FrameWatch:
    """Follows one activation of a function from statement to statement."""

    def __init__(self, oracle: Oracle, statements: Statements, serial: int) -> None:
        self._oracle = oracle
        self._statements = statements
        self._serial = serial
        self._current: Node | None = None
        self._began_at = 0
        self._raising = False
        self._failed: Node | None = None
        """The statement that failed, while what the compiler put behind it is run."""

    def see(self, frame: types.FrameType, event: str, arg: Any) -> Trace:
        """What is called at every instruction, exception and return of the frame."""
        if event == "opcode":
            self._opcode(frame)
        elif event == "exception":
            self._raising = True
        elif event == "return":
            self._leave(frame)
        return self.see

    def _opcode(self, frame: types.FrameType) -> None:
        at = frame.f_lasti
        if self._raising and at in _handlers(frame.f_code):
            self._failed = self._current
            self._end(frame, raised=True)
        self._raising = False
        statement = self._statements.at(frame.f_code, at)
        if statement is None or statement is self._failed:
            return
        self._failed = None
        if statement is not self._current or at <= self._began_at:
            self._end(frame)
            self._current = statement
            self._began_at = at

    def _leave(self, frame: types.FrameType) -> None:
        suspended = frame.f_code.co_code[frame.f_lasti] in _SUSPENDS
        if self._raising or not suspended:
            self._end(frame, raised=self._raising)

    def _end(self, frame: types.FrameType, raised: bool = False) -> None:
        """Write down the statement that just ended, if there is one."""
        statement, self._current = self._current, None
        if statement is None:
            return
        raised = raised or isinstance(statement, ast.Raise)  # a bare one is no event
        inside_transform = torch._C._functorch.peek_interpreter_stack() is not None
        names = {} if inside_transform else dict(frame.f_locals)
        tensors = {
            path: oracle_cards.fields(tensor, self._oracle.storages)
            for path, tensor in oracle_names.reachable(names)
        }
        self._oracle.write(
            {
                "kind": "line",
                "file": frame.f_code.co_filename,
                "line": line_of(statement),
                "statement": type(statement).__name__,
                "compound": is_compound(statement),
                "function": frame.f_code.co_qualname,
                "frame": self._serial,
                "raised": raised,
                "inside_transform": inside_transform,
                "tensors": tensors,
            }
        )


def run(program: Path, arguments: list[str], oracle: Oracle, what: str) -> None:
    """Run a file as ``__main__`` the way ``python FILE`` does, under the oracle."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=str(program), __builtins__=__builtins__)
    sys.modules["__main__"] = module
    sys.argv = [str(program), *arguments]
    sys.path[0:1] = [str(program.parent)]
    code = compile(program.read_bytes(), str(program), "exec", dont_inherit=True)
    if what == "nodes":
        oracle_backward.watch(oracle.storages, oracle.write)
    else:
        threading.settrace(oracle.trace)
        sys.settrace(oracle.trace)
    try:
        exec(code, module.__dict__)
    finally:
        sys.settrace(None)
        threading.settrace(None)


if __name__ == "__main__":
    target = Path(sys.argv[2]).resolve()
    run(target, sys.argv[4:], Oracle(target.parent, Path(sys.argv[3])), sys.argv[1])
    sys.stdout.flush()
    os._exit(0)  # what Python does at its end takes longer than most of the programs
