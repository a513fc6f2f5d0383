"""What a recorder in this process compares while the last lines of a program run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

import torch

from explorer.worker.recorder import Recorder
from explorer.worker.recording.log import Change

PATH = "looked_at.py"


@dataclass
class LookedAt:
    """Whether ``all`` tensors were compared, which were compared alone, and the program's names."""

    all: bool = False
    alone: list[torch.Tensor] = field(default_factory=list)
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__main__"})


def looked_at_during(recorder: Recorder, before: str, statement: str) -> LookedAt:
    """Run ``before``, and note what is compared from the line on that the ``statement`` is."""
    first, seen = len(before.splitlines()) + 1, LookedAt()
    check, check_some = recorder.tensors.check, recorder.tensors.check_some

    def noted(change: Change) -> None:
        seen.all |= _outermost_line() >= first
        check(change)

    def noted_alone(touched: Sequence[torch.Tensor], change: Change) -> None:
        if _outermost_line() >= first:
            seen.alone += touched
        check_some(touched, change)

    recorder.tensors.check = noted  # type: ignore[method-assign]
    recorder.tensors.check_some = noted_alone  # type: ignore[method-assign]
    exec(recorder.compile(before + statement, PATH), seen.names)
    return seen


def _outermost_line() -> int:
    """The line of the program's module that runs now."""
    line, frame = 0, _caller()
    while frame is not None:
        if frame.f_code.co_filename == PATH:
            line = frame.f_lineno
        frame = frame.f_back
    return line


def _caller() -> FrameType | None:
    return sys._getframe(2)
