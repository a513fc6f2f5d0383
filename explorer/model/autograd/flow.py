"""Which cells of the operands flow into a chosen cell of the result."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from explorer.model.card import Card
from explorer.model.shapes.operation import Operand, Operation
from explorer.protocol.numbers import NumbersOf

Place = int | slice
"""A place along one dimension: one index, or a range of them."""


@dataclass(frozen=True)
class Source:
    """Cells of one operand, dimension by dimension."""

    operand: Operand
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """As code: ``a[1, :]``."""
        if not self.operand.path or not self.places:
            return self.operand.text
        return f"{self.operand.text}[{', '.join(_place_text(place) for place in self.places)}]"


def sources(operation: Operation, cell: tuple[int, ...]) -> tuple[Source, ...] | None:
    """The cells that flow into ``cell`` of the result; None when the text does not tell."""
    if operation.kind == "pointwise":
        return tuple(_stretched(operand, cell) for operand in operation.operands)
    if operation.kind == "product":
        return _row_and_column(operation, cell)
    if operation.kind in ("reduction", "running"):
        return _reduced(operation, cell)
    return _indexed(operation, cell)


def _stretched(operand: Operand, cell: tuple[int, ...]) -> Source:
    rank = len(operand.shape)
    own = cell[len(cell) - rank :] if rank else ()
    places = tuple(
        0 if size == 1 else place for size, place in zip(operand.shape, own, strict=True)
    )
    return Source(operand, places)


def _row_and_column(operation: Operation, cell: tuple[int, ...]) -> tuple[Source, ...]:
    left, right = operation.operands[:2]
    everything = slice(None)
    ends = (len(left.shape) > 1) + (len(right.shape) > 1)
    batch = cell[: len(cell) - ends]
    row = (cell[len(batch)],) if len(left.shape) > 1 else ()
    column = (cell[-1],) if len(right.shape) > 1 else ()
    first = _stretched(Operand(left.text, left.path, left.shape[:-2]), batch).places
    second = _stretched(Operand(right.text, right.path, right.shape[:-2]), batch).places
    return (
        Source(left, (*first, *row, everything)),
        Source(right, (*second, everything, *column)),
    )


def _reduced(operation: Operation, cell: tuple[int, ...]) -> tuple[Source, ...]:
    (operand,) = operation.operands
    rest = list(cell)
    places: list[Place] = []
    for dim in range(len(operand.shape)):
        if operation.kind == "running":
            at = rest.pop(0)
            places.append(slice(0, at + 1) if dim in operation.dims else at)
        elif dim in operation.dims:
            places.append(slice(None))
            if operation.keepdim:
                rest.pop(0)
        else:
            places.append(rest.pop(0))
    return (Source(operand, tuple(places)),)


def _indexed(operation: Operation, cell: tuple[int, ...]) -> tuple[Source, ...] | None:
    (operand,) = operation.operands
    picked = _picked(operation.index, operand.shape)
    if picked is None:
        return None
    rest, places = list(cell), []
    for part in picked:
        if isinstance(part, int):
            places.append(part)
        else:
            if not rest:
                return None
            places.append(part[rest.pop(0)])
    return (Source(operand, tuple(places)),)


def _picked(text: str, shape: tuple[int, ...]) -> list[int | range] | None:
    """For each dimension the index, or the range of a slice; None for anything else."""
    parsed = ast.parse(f"x[{text}]", mode="eval").body
    assert isinstance(parsed, ast.Subscript)
    inner = parsed.slice
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    if len(parts) > len(shape):
        return None
    picked: list[int | range] = []
    for part, size in zip(parts, shape, strict=False):
        one = _pick(part, size)
        if one is None:
            return None
        picked.append(one)
    return picked + [range(size) for size in shape[len(parts) :]]


def _pick(part: ast.expr, size: int) -> int | range | None:
    try:
        if isinstance(part, ast.Slice):
            ends = [
                None if end is None else ast.literal_eval(end)
                for end in (part.lower, part.upper, part.step)
            ]
            return range(size)[slice(*ends)]
        value = ast.literal_eval(part)
    except (ValueError, TypeError):
        return None
    if type(value) is not int or not -size <= value < size:
        return None
    return value % size


def numbers_of(source: Source, card: Card, content: int) -> NumbersOf:
    """The message part that reads these cells of a strided tensor, row by row."""
    kind = card.kind
    offset, shape, stride = kind.offset, [], []
    for place, size, step in zip(source.places, kind.shape, kind.stride, strict=True):
        if isinstance(place, slice):
            steps = range(*place.indices(size))
            offset += steps.start * step if len(steps) else 0
            shape.append(len(steps))
            stride.append(step * steps.step)
        else:
            offset += place * step
    return NumbersOf(
        content, kind.dtype, tuple(shape), tuple(stride), offset, kind.layout, kind.flags
    )


def _place_text(place: Place) -> str:
    if isinstance(place, int):
        return str(place)
    if place == slice(None):
        return ":"
    return f"{'' if not place.start else place.start}:{place.stop}"
