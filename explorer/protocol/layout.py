"""Which bytes of a storage a step changed, and which tensors on it saw the change."""

from __future__ import annotations

from explorer.protocol.message import message, part
from explorer.protocol.numbers import NumbersOf


@part
class WriteLook:
    """One write: the contents of a storage before and after it, and who looks into the storage.

    The ``content`` of each looker is not used; both contents are read through its layout.
    """

    before: int
    after: int
    bytes_before: int
    bytes_after: int
    unit: int
    """Bytes of one element, in whole numbers of which changes are told: 1, 2, 4, 8 or 16."""
    lookers: tuple[NumbersOf, ...]


@message
class ReadWrites:
    """Request: what each write changed. Answered by `Writes`."""

    looks: tuple[WriteLook, ...]


@part
class Written:
    """What one write changed; ``sentence`` is not empty when that cannot be told.

    ``changed`` counts units that changed, ``ranges`` are (first byte, byte after the last) of
    neighbouring ones in order, at most `MOST_RANGES`; when there were more, ``ranges_cut`` is
    True and the last one reaches to the last byte that changed.
    ``cells`` counts for each looker those of its elements whose bits changed, -1 where the
    looker reaches past one of the two contents.
    """

    changed: int
    ranges: tuple[tuple[int, int], ...]
    ranges_cut: bool
    cells: tuple[int, ...]
    sentence: str = ""


MOST_RANGES = 512


@message
class Writes:
    """Answer to `ReadWrites`, in the order asked."""

    writes: tuple[Written, ...]
