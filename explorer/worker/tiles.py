"""Boxes of numbers as bytes, just as torch holds them."""

from __future__ import annotations

from math import prod

import torch

from explorer.protocol.values import TILE_LIMIT, NumberBox, ReadShape, ReadTile, SightShape, Tile
from explorer.worker.values.fields import CannotShow, Field
from explorer.worker.values.sights import TensorOf, field_for, parts_of

# Bound at import, before a program can put its own function in its place.
_frombuffer = torch.frombuffer


def read_tile(request: ReadTile, tensor_of: TensorOf) -> Tile:
    """Answer `ReadTile`.

    Raises:
        CannotShow: when the box is too large or lies outside, or there is no such part.
    """
    count = prod(request.box.counts)
    if count > TILE_LIMIT:
        raise CannotShow(f"{count} numbers are more than a tile may hold ({TILE_LIMIT}).")
    field = field_for(request.sight, tensor_of)
    tail = box_bytes(field, request.box)
    missing = field.missing(request.box) if field.absent else None
    if missing is not None:
        tail += tensor_bytes(missing)
    return Tile(field.dtype, request.box.counts, bytes(tail), field.absent)


def read_shape(request: ReadShape, tensor_of: TensorOf) -> SightShape:
    """Answer `ReadShape`: dtype, shape and the parts there are.

    Raises:
        CannotShow: when there is no such part, or it has no numbers.
    """
    field = field_for(request.sight, tensor_of)
    parts = parts_of(tensor_of(request.sight.source))
    return SightShape(field.dtype, field.shape, parts)


def box_bytes(field: Field, box: NumberBox) -> bytearray:
    """The elements of a box row by row, little-endian."""
    return tensor_bytes(field.box(box))


def tensor_bytes(view: torch.Tensor) -> bytearray:
    """The elements of a tensor row by row, copied once, straight from the device.

    The memory of ``view`` itself is only read, so a lazy copy of it stays lazy.
    """
    out = bytearray(view.numel() * view.element_size())
    if not out:
        return out
    # Conjugated and negated views are turned while they are copied, so they keep their dtype.
    if not (view.is_complex() or view.is_neg()):
        view = _carried(view)
    _frombuffer(out, dtype=view.dtype).view(view.shape).copy_(view)
    return out


def _carried(view: torch.Tensor) -> torch.Tensor:
    """The same bytes in a dtype that torch can copy: it cannot copy int4, bits8 and the like."""
    if view.element_size() == 1:
        return view.view(torch.uint8)
    return view.view(torch.int16) if view.element_size() == 2 else view
