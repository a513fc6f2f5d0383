"""Scalars that a program computes again and again, for curves."""

from __future__ import annotations

from explorer.protocol.message import message


@message
class ReadScalars:
    """Request: what the statements of some steps bound their names to.

    The tail holds int64 step indices, little-endian; ``place`` counts a statement's names from 0.
    Answered by `Scalars`.
    """

    place: int
    tail: bytes


@message
class Scalars:
    """Answer to `ReadScalars`: a float64 for each step, then a byte for each: 1 where the name
    was bound to a number, 0 where it was not and the float means nothing."""

    tail: bytes
