"""Derivatives checked against central differences, by running the program again."""

from __future__ import annotations

from explorer.protocol.message import message, part


@part
class CheckedPlace:
    """Right behind a statement of the program's file, after it ran ``times`` times: the tensor
    that ``name`` leads to there. The three other fields are those of the `Statement`."""

    line: int
    end_line: int
    code: str
    times: int
    name: str


@message
class CheckGradient:
    """Request: check derivatives by running the program again with one cell moved by a little.

    For a worker that has run no program. ``cells`` of the tensor at ``moved`` are checked;
    ``recorded`` are the derivatives there of cell ``at`` of the tensor at ``result``, and
    ``expected`` is what that cell held. What the program prints is dropped, but files that it
    writes are written again. Answered by `GradientChecked`; it can be cancelled between runs.
    """

    path: str
    arguments: tuple[str, ...]
    seed: int | None
    moved: CheckedPlace
    result: CheckedPlace
    at: tuple[int, ...]
    expected: float
    cells: tuple[tuple[int, ...], ...]
    recorded: tuple[float, ...]


@part
class CheckedCell:
    """One derivative: ``numeric`` is by central differences, trusted up to ``tolerance``.

    ``kink`` when the slopes left and right of the cell's value differ: there no derivative is
    right or wrong. ``excess`` is the difference in units of the tolerance.
    """

    cell: tuple[int, ...]
    recorded: float
    numeric: float
    tolerance: float
    agrees: bool
    kink: bool
    excess: float


@message
class GradientChecked:
    """Answer to `CheckGradient`; ``worst`` is the place of the cell that is furthest off, -1 when
    none was asked for, and ``runs`` how often the program ran."""

    cells: tuple[CheckedCell, ...]
    worst: int
    runs: int
