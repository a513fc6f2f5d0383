"""The pictures that are there at once, before every number has been looked at."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, prod, sqrt

from explorer.protocol.values import ReadSummary

FAR_APART = 1 << 24
"""From so many numbers on each one of a sample costs a wait for memory."""
SAMPLES = (4_100, 100_000)
"""About how many numbers the first picture shows then at most, and the next one."""


def first_looks(exact: ReadSummary) -> list[ReadSummary]:
    """The requests for pictures of one number out of each block, the quickest first.

    Where samples are dear the blocks are larger, for what they show is soon replaced.
    """
    numbers, (high, wide) = prod(exact.box.counts), exact.block
    if exact.block == (1, 1) or numbers < FAR_APART:
        return [replace(exact, how="sample")]
    times = {ceil(sqrt(numbers / (high * wide) / most)): None for most in SAMPLES}
    sight, box, down, across = exact.sight, exact.box, exact.down, exact.across
    return [ReadSummary(sight, box, down, across, (high * n, wide * n), "sample") for n in times]
