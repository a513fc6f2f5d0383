"""The picture that is there at once, before every number has been looked at."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from explorer.protocol.values import ReadSummary

FAR_APART = 1 << 24
"""From so many numbers on each one of a sample costs a wait for memory."""
COARSER = 4
"""How many times higher and wider the blocks of the first picture are then."""


def first_look(exact: ReadSummary) -> ReadSummary:
    """The request for the first picture: one number out of each block.

    Where samples are dear the blocks are larger, for what they show is soon replaced.
    """
    block = exact.block
    if block != (1, 1) and prod(exact.box.counts) >= FAR_APART:
        block = (block[0] * COARSER, block[1] * COARSER)
    return replace(exact, block=block, how="sample")
