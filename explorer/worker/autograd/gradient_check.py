"""Answers whether recorded derivatives agree with central differences of the program itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from explorer.protocol.gradient_check import CheckedCell, CheckGradient, GradientChecked
from explorer.worker.autograd.numeric_check import NumericDerivative, Sample, derivative_at
from explorer.worker.autograd.rerun import CannotRerun, Rerun

MOST_CELLS = 4096


class GradientCheck:
    """Runs the program again in a worker that has run none. One check at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    def check_gradient(self, request: CheckGradient) -> Iterator[GradientChecked | None]:
        """Answer `CheckGradient`, run by run, so that it can be cancelled between two.

        Raises:
            CannotRerun: when the program cannot be run again, or is not repeatable.
        """
        with self._one_at_a_time:
            yield from self._checked(request)

    def _checked(self, request: CheckGradient) -> Iterator[GradientChecked | None]:
        if len(request.cells) > MOST_CELLS:
            raise CannotRerun(f"At most {MOST_CELLS} cells can be checked at once.")
        rerun = Rerun(request.path, request.arguments, request.seed, request.moved)
        found: list[CheckedCell] = []
        runs = 0
        for cell, recorded in zip(request.cells, request.recorded, strict=True):
            base = rerun.read(cell, 0.0, request.result, request.at)
            runs += 1
            if base.value != request.expected:
                raise CannotRerun(
                    f"Run again, {request.result.name} came out as {base.value:.9g} in place of"
                    f" {request.expected:.9g}: the program does not repeat itself. Give it a seed."
                )
            search = derivative_at(base.before, base.value, rerun.epsilon)
            delta = next(search)
            numeric: NumericDerivative | None = None
            while numeric is None:
                yield None
                reading = rerun.read(cell, delta, request.result, request.at)
                runs += 1
                try:
                    delta = search.send(Sample(reading.delta, reading.value))
                except StopIteration as done:
                    numeric = done.value
            found.append(_told(cell, recorded, numeric))
        worst = max(range(len(found)), key=lambda place: found[place].excess, default=-1)
        yield GradientChecked(tuple(found), worst, runs)


def _told(cell: tuple[int, ...], recorded: float, numeric: NumericDerivative) -> CheckedCell:
    off = abs(recorded - numeric.value)
    excess = off / numeric.tolerance if numeric.tolerance else float(off > 0)
    return CheckedCell(
        cell,
        recorded,
        numeric.value,
        numeric.tolerance,
        numeric.agrees(recorded),
        numeric.has_kink,
        excess,
    )
