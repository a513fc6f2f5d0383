"""Derivatives that the held graph no longer tells, had by running the program again."""

from __future__ import annotations

from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.message import message, part
from explorer.protocol.numbers import NumbersOf

MOST_BYTES = 64 << 20
"""Derivatives of one cell are told up to so many bytes; the largest tensors are left out first."""


@message
class DifferentiateAgain:
    """Request: the derivatives of one cell, right where the program has computed it.

    For a worker that has run no program, as `CheckGradient`. The tensor at ``result`` held
    ``expected`` in ``cell``; ``nodes`` are the names of all nodes behind it, nearest first, by
    which the graph is known again. Answered by `DerivativesAgain`.
    """

    path: str
    arguments: tuple[str, ...]
    seed: int | None
    result: CheckedPlace
    cell: tuple[int, ...]
    expected: float
    nodes: tuple[str, ...]


@message
class FlowAgain:
    """Request: how results of the program depend on one cell of a tensor, each right where it has
    been computed.

    For a worker that has run no program. The tensor at ``start`` held ``expected`` in ``cell``.
    Answered by `DerivativesAgain` with one entry for each of ``results`` to which anything flows;
    its ``place`` is that in ``results``, and there are no nodes.
    """

    path: str
    arguments: tuple[str, ...]
    seed: int | None
    start: CheckedPlace
    cell: tuple[int, ...]
    expected: float
    results: tuple[CheckedPlace, ...]


@part
class ShapedNumbers:
    """Derivatives with respect to output ``slot`` of the node at ``place`` of the graph, or of
    the result at ``place``; their numbers lie one after another in a tail, row by row."""

    place: int
    slot: int
    dtype: str
    shape: tuple[int, ...]
    nbytes: int


@message
class DerivativesAgain:
    """Answer to `DifferentiateAgain` and `FlowAgain`.

    The tail holds, for each node of the graph, the derivative furthest from zero (float64, NaN
    where nothing flows), and behind that the numbers of ``derivatives``.
    """

    derivatives: tuple[ShapedNumbers, ...]
    nodes: int
    tail: bytes


@message
class KeepDerivatives:
    """Request: keep these numbers, so that tiles of them can be read until the next derivatives
    are asked for. Answered by `DerivativesKept`."""

    derivatives: tuple[ShapedNumbers, ...]
    tail: bytes


@message
class DerivativesKept:
    """Answer to `KeepDerivatives`, in the order given."""

    numbers: tuple[NumbersOf, ...]
