"""The order in which a tensor visits its storage when it is read row by row.

A *jump* is a step from one visited element to the next that lands in another cache line. Counted
is what a cache that remembers a single line would have to fetch: enough to tell walking along
memory from walking across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.strides import Layout

LINE_BYTES = 64
"""The cache line of today's x86 and most ARM processors."""

MOST_COUNTED = 1 << 20

Places = NDArray[np.int64]


def places_visited(layout: Layout, start: int, stop: int) -> Places:
    """The places of the elements number start..stop-1 of a reading row by row."""
    positions = np.arange(max(start, 0), min(stop, layout.numel), dtype=np.int64)
    places = np.full(len(positions), layout.offset, dtype=np.int64)
    for size, stride in zip(reversed(layout.shape), reversed(layout.stride), strict=True):
        positions, index = np.divmod(positions, size)
        places += index * stride
    return places


@dataclass(frozen=True, slots=True)
class Trip:
    """A reading, or its first part: visits, jumps to another cache line, and lines touched."""

    visits: int
    jumps: int
    lines: int
    whole: bool
    """False when only the first visits of a longer reading were counted."""


def trip(layout: Layout, itemsize: int, most: int = MOST_COUNTED) -> Trip:
    """Count the jumps of a reading; an element belongs to the line in which it begins.

    The storage is taken to begin at the beginning of a cache line, as torch's own storages do.
    """
    places = places_visited(layout, 0, min(layout.numel, most))
    lines = places * itemsize // LINE_BYTES
    jumps = int(np.count_nonzero(np.diff(lines)))
    return Trip(len(places), jumps, len(np.unique(lines)), len(places) == layout.numel)


def jumps_between(places: Places, itemsize: int) -> NDArray[np.bool_]:
    """For each visit whether it lands in another line than the one before; the first does not."""
    lines = places * itemsize // LINE_BYTES
    moved = np.zeros(len(places), dtype=np.bool_)
    moved[1:] = lines[1:] != lines[:-1]
    return moved


def trip_sentence(name: str, counted: Trip) -> str:
    """`x: 12 visits, 1 jump to another cache line of 64 bytes, 2 lines touched.`"""
    reading = "" if counted.whole else "the first "
    return (
        f"{name}: {reading}{_number(counted.visits, 'visit')}, "
        f"{_number(counted.jumps, 'jump')} to another cache line of {LINE_BYTES} bytes, "
        f"{_number(counted.lines, 'line')} touched."
    )


def comparison_sentence(name: str, one: Trip, other_name: str, other: Trip) -> str:
    """What the two readings say about each other."""
    if one.jumps == other.jumps:
        return f"{name} and {other_name} jump equally often: for the cache they are the same."
    fewer, more = sorted(((one, name), (other, other_name)), key=lambda pair: pair[0].jumps)
    if fewer[0].jumps == 0:
        return (
            f"{fewer[1]} stays in one cache line; {more[1]} leaves its line {more[0].jumps} times."
        )
    ratio = more[0].jumps / fewer[0].jumps
    return (
        f"{more[1]} changes the cache line {ratio:.1f} times as often as {fewer[1]}: it reads the "
        f"same numbers in an order that memory does not have."
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
