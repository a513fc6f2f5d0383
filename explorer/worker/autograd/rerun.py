"""Runs the program again, moved by a little in one cell, and reads one number of the result.

The program runs unrecorded; only two of its statements matter: behind the one the cell is moved,
behind the other the number is read, and there the run ends. What the program prints is dropped.
"""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import torch

from explorer.protocol.gradient_check import CheckedPlace
from explorer.worker.autograd.sensitivity import NotWithoutRerun
from explorer.worker.quiet import quiet
from explorer.worker.recorder import SCALARS
from explorer.worker.recording.paths import NotThere, value_at
from explorer.worker.recording.storages import own_memory
from explorer.worker.rewrite import marks
from explorer.worker.rewrite.marks import Mark
from explorer.worker.statements import Statements


class CannotRerun(RuntimeError):
    """The program cannot be run again so that the question is answered; one sentence."""

    reason = "refused"


Wish = tuple[tuple[int, ...], float, CheckedPlace, tuple[int, ...]]
"""(cell to move, by how much, where to read, which cell)."""


class Enough(BaseException):
    """Ends the run when the number has been read."""


@dataclass(frozen=True)
class Reading:
    """What one run gave: how far the cell was really moved, its value before, and the number."""

    delta: float
    before: float
    value: float


class Rerun:
    """One program that is run again and again.

    Raises:
        CannotRerun: when a place is not in the file as it is now.
    """

    def __init__(
        self, path: str, arguments: Sequence[str], seed: int | None, moved: CheckedPlace
    ) -> None:
        self._path = path
        self._arguments = arguments
        self._seed = seed
        self._moved = moved
        self._statements = Statements()
        self._code = self._compiled()
        self._move_at = self._mark(moved).id
        self._read_at = 0
        self._count: dict[int, int] = {}
        self._wish: Wish = ((), 0.0, moved, ())
        self._told: tuple[float, float] | None = None
        self._value: float | None = None
        self._epsilon = 0.0

    @property
    def epsilon(self) -> float:
        """That of the coarser of the two dtypes, known after the first run."""
        return self._epsilon

    def read(
        self, cell: tuple[int, ...], delta: float, place: CheckedPlace, at: tuple[int, ...]
    ) -> Reading:
        """Run with ``cell`` moved by ``delta`` and read cell ``at`` of the result.

        Raises:
            CannotRerun: when the run does not pass one of the places, or raises before.
        """
        self._read_at = self._mark(place).id
        self._count = {self._move_at: 0, self._read_at: 0}
        self._wish = (cell, delta, place, at)
        self._told, self._value = None, None
        self.run()
        return self._reading()

    def run(self) -> None:
        """Run the program until it has come as far as it should, or leaves by itself.

        Raises:
            CannotRerun: when it raises before.
        """
        with as_a_fresh_program(self._path, self._arguments, self._seed) as names:
            try:
                exec(self._code, names)
            except (Enough, SystemExit):
                pass
            except (CannotRerun, NotWithoutRerun):
                raise
            except Exception as err:
                kind = type(err).__name__
                raise CannotRerun(f"Run again, the program raised {kind}: {err}") from err

    def _reading(self) -> Reading:
        if self._told is None or self._value is None:
            raise CannotRerun("Run again, the program did not come past the same statements.")
        return Reading(*self._told, self._value)

    def _compiled(self) -> CodeType:
        probes = {
            marks.PROBE: self._probe,
            marks.RESULT: self._probe,
            marks.TAP: self._tap,
            marks.ENTER: lambda *_: None,
            **dict.fromkeys(marks.OF_FAILURES, lambda *_: None),
            marks.EXTEND: self._extend,
            marks.KIND: type,
            marks.SCALARS: SCALARS,
            marks.ID: id,
            marks.FRAME: sys._getframe,
            marks.READY: own_memory,
        }
        try:
            return self._statements.compile(Path(self._path).read_bytes(), self._path, probes)
        except (OSError, SyntaxError, ValueError) as err:
            raise CannotRerun(f"{self._path} cannot be run again: {err}.") from err

    def _mark(self, place: CheckedPlace) -> Mark:
        for mark in self._statements.marks:
            if (mark.line, mark.end_line, mark.code) == (place.line, place.end_line, place.code):
                return mark
        raise CannotRerun(f"Line {place.line} is no longer what it was; run the program anew.")

    def _probe(self, statement: int, *values: Any) -> None:
        if statement in self._count:
            self._passed(statement, sys._getframe(1))

    def _tap(self, statement: int, value: Any) -> Any:
        if statement in self._count:
            self._passed(statement, sys._getframe(1))
        return value

    def _extend(self, entry: tuple[int, int, Any]) -> None:
        """What is said of a statement that only bound a number, or nothing."""
        if entry[0] in self._count:
            self._passed(entry[0], sys._getframe(1))

    def _passed(self, statement: int, frame: FrameType) -> None:
        self._count[statement] += 1
        cell, delta, place, at = self._wish
        times = self._count[statement]
        if statement == self._move_at and times == self._moved.times:
            self._told = self._move(tensor_at(frame, self._moved.name), cell, delta)
        if statement == self._read_at and times == place.times:
            result = tensor_at(frame, place.name)
            self._epsilon = max(self._epsilon, _epsilon(result))
            self._value = float(result.detach()[at].item())
            raise Enough

    def _move(self, tensor: torch.Tensor, cell: Any, delta: float) -> tuple[float, float]:
        """Move a cell through ``.data``, so that autograd takes it for what it always held."""
        self._epsilon = max(self._epsilon, _epsilon(tensor))
        with quiet():
            data = tensor.data
            before = float(data[cell].item())
            data[cell] = before + delta
            return float(data[cell].item()) - before, before


def _epsilon(tensor: torch.Tensor) -> float:
    if not tensor.dtype.is_floating_point:
        raise CannotRerun(f"A derivative needs floating numbers, and this is {tensor.dtype}.")
    return float(torch.finfo(tensor.dtype).eps)


def tensor_at(frame: FrameType, path: str) -> torch.Tensor:
    """The tensor that a path leads to in a frame.

    Raises:
        CannotRerun: when there is none.
    """
    try:
        found = value_at({**frame.f_globals, **frame.f_locals}, path)
    except NotThere as err:
        raise CannotRerun(f"Run again, the program has no {path} there: {err}.") from err
    if not isinstance(found, torch.Tensor):
        raise CannotRerun(f"Run again, {path} is no tensor there.")
    return found


@contextmanager
def as_a_fresh_program(path: str, arguments: Sequence[str], seed: int | None) -> Any:
    """The state in which a program begins; afterwards everything is as it was before."""
    module = ModuleType("__main__")
    vars(module).update(__file__=path, __builtins__=builtins)
    kept = (sys.modules.copy(), sys.argv, sys.path[:], Path.cwd(), sys.stdout, sys.stderr)
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    if seed is not None:
        torch.manual_seed(seed)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        sys.modules["__main__"] = module
        sys.argv = [path, *arguments]
        sys.path.insert(0, str(Path(path).resolve().parent))
        os.chdir(Path(path).resolve().parent)
        sys.stdout = sys.stderr = nowhere
        try:
            yield vars(module)
        finally:
            modules, sys.argv, sys.path[:], folder, sys.stdout, sys.stderr = kept
            for name in set(sys.modules) - set(modules):
                if _belongs_to(sys.modules[name], path):
                    del sys.modules[name]  # so that the next run imports it anew
            sys.modules["__main__"] = modules["__main__"]
            os.chdir(folder)
            torch.set_default_dtype(dtype)
            torch.set_grad_enabled(grad)


def _belongs_to(module: Any, path: str) -> bool:
    file = getattr(module, "__file__", None) or ""
    return file.startswith(str(Path(path).resolve().parent) + os.sep)
