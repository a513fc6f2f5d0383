"""Curves of every scalar that a program computes repeatedly, gathered as the recording grows."""

from __future__ import annotations

import ast
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from explorer.model.recording import Recording
from explorer.protocol.numbers import NumbersOf

RUNS_WANTED = 3
"""A statement that ran less often makes no curve."""


@dataclass(frozen=True)
class CurveKey:
    """The name that a statement binds again and again."""

    statement: int
    place: int
    name: str
    line: int
    file: str

    @property
    def title(self) -> str:
        """For a legend: ``loss (line 12)``."""
        return f"{self.name} (line {self.line})"


@dataclass
class Curve:
    """Step indices and values, in order."""

    key: CurveKey
    steps: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Copies of both columns."""
        return np.array(self.steps, dtype=np.int64), np.array(self.values, dtype=np.float64)

    def extend(self, steps: list[int], values: list[float]) -> None:
        """Add points; those that answer late are put where they belong."""
        if not steps:
            return
        if self.steps and steps[0] < self.steps[-1]:
            for step, value in zip(steps, values, strict=True):
                place = bisect_left(self.steps, step)
                self.steps.insert(place, step)
                self.values.insert(place, value)
            return
        self.steps.extend(steps)
        self.values.extend(values)


def bound_names(code: str) -> tuple[str, ...]:
    """Names that a statement binds by assignment, in order; none for any other statement."""
    try:
        parsed = ast.parse(code.strip())
    except SyntaxError:
        return ()
    if len(parsed.body) != 1:
        return ()
    statement = parsed.body[0]
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        targets = [statement.target]
    else:
        return ()
    names = [node.id for target in targets for node in _stored(target)]
    return tuple(dict.fromkeys(names))


def _stored(target: ast.expr) -> Iterator[ast.Name]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node


@dataclass(frozen=True)
class ScalarPoints:
    """Steps of one curve whose numbers may be plain Python scalars."""

    key: CurveKey
    steps: NDArray[np.int64]


@dataclass(frozen=True)
class TensorPoint:
    """A step at which the name led to a tensor without dimensions."""

    key: CurveKey
    step: int
    wanted: NumbersOf


class CurveBook:
    """Finds what can be a curve and holds the points that have been read."""

    def __init__(self) -> None:
        self.curves: dict[CurveKey, Curve] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._done: dict[int, int] = {}

    def add(self, key: CurveKey, steps: list[int], values: list[float]) -> None:
        """Take points of a curve."""
        if steps:
            self.curves.setdefault(key, Curve(key)).extend(steps, values)

    def shown(self) -> list[Curve]:
        """Curves with enough points, most points first."""
        enough = [curve for curve in self.curves.values() if len(curve.steps) >= RUNS_WANTED]
        return sorted(enough, key=lambda curve: (-len(curve.steps), curve.key.line))

    def new_points(self, recording: Recording, most: int) -> list[ScalarPoints]:
        """Steps that have come since the last call, by curve; about ``most`` at a time."""
        found: list[ScalarPoints] = []
        for statement, runs in recording.steps.runs_since(self._done, RUNS_WANTED):
            names = self._names.get(statement)
            if names is None:
                known = recording.steps.statements[statement]
                names = self._names[statement] = bound_names(known.code)
            runs = runs[:most]
            self._done[statement] = self._done.get(statement, 0) + len(runs)
            for place, name in enumerate(names):
                found.append(ScalarPoints(self._key(recording, statement, place, name), runs))
            most -= len(runs) * len(names)
            if most <= 0:
                break
        return found

    def _key(self, recording: Recording, statement: int, place: int, name: str) -> CurveKey:
        known = recording.steps.statements[statement]
        file = recording.steps.files.get(known.file, "")
        return CurveKey(statement, place, name, known.line, file)


def tensor_points(recording: Recording, points: ScalarPoints) -> list[TensorPoint]:
    """Those steps at which the name led to a strided tensor of one real number."""
    found = []
    for step in points.steps.tolist():
        card = recording.card(step, recording.tensor_named(step, points.key.name))
        if card is None or card.numel != 1 or card.kind.shape not in ((), (1,)):
            continue
        content = recording.content(step, card.storage)
        if content is None or not content.id or card.kind.dtype.startswith(("complex", "bool")):
            continue
        found.append(TensorPoint(points.key, step, card.numbers(content.id)))
    return found
