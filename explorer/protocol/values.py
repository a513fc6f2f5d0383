"""Numbers on their way to the window: boxes, pictures of blocks, statistics, finds, files.

What is looked at is a `Sight`: numbers of one tensor, or of the difference of two. Every request
may be cancelled; one that takes long does not hold up a shorter one that comes later.
"""

from __future__ import annotations

from explorer.protocol.message import message, part
from explorer.protocol.numbers import NumbersOf


@part
class Sight:
    """Which numbers: those of ``source``, or how it differs from ``against``.

    ``part`` names a piece of a tensor: for sparse ones ``indices``, ``values``, ``crow_indices``
    and the like; for quantized ones ``int_repr``; for nested ones ``values``, ``offsets`` or
    ``component 3``; for complex ones ``real``, ``imag``, ``abs``, ``angle``. Empty is the tensor
    itself: sparse ones as dense, quantized ones dequantized, nested ones padded.
    """

    source: NumbersOf
    part: str = ""
    against: NumbersOf | None = None
    how: str = ""
    """With ``against``: ``absolute`` (source − against), ``relative`` (|source − against| /
    |against|), ``ulps`` (numbers of the dtype between the two) or ``changed`` (bits differ)."""


@part
class NumberBox:
    """For each dimension of the sight: first index, how many, and by what step."""

    starts: tuple[int, ...]
    counts: tuple[int, ...]
    steps: tuple[int, ...]


@message
class ReadShape:
    """Request: what a sight is like, for tensors whose card does not say all. Answered by
    `SightShape`."""

    sight: Sight


@message
class SightShape:
    """Answer to `ReadShape`; ``parts`` are the pieces that can be asked for, with a title each."""

    dtype: str
    shape: tuple[int, ...]
    parts: tuple[tuple[str, str], ...] = ()


@message
class ReadTile:
    """Request: the numbers of a box, at most `TILE_LIMIT`. Answered by `Tile`."""

    sight: Sight
    box: NumberBox


TILE_LIMIT = 1 << 20
"""Most elements that one `ReadTile` may ask for."""


@message
class Tile:
    """Answer to `ReadTile`.

    The tail holds the elements row by row, little-endian as torch has them in memory, and, when
    ``absent`` is not empty, one byte per element behind them: 1 where nothing is stored.
    """

    dtype: str
    shape: tuple[int, ...]
    tail: bytes
    absent: str = ""
    """``zero`` (a sparse tensor's unwritten zeros), ``nothing`` (padding of a nested tensor)."""


@message
class ReadSummary:
    """Request: a picture of a box, one number per block. Answered by `Summary`.

    ``down`` and ``across`` are dimensions of the sight (-1 for none); the others of the box
    become layers. Blocks are aligned at the start of the box; the last ones may be smaller.
    """

    sight: Sight
    box: NumberBox
    down: int
    across: int
    block: tuple[int, int]
    """Cells down and across that make one block."""
    how: str
    """``sample`` (one number out of each block, at once), ``mean``, ``min``, ``max`` or
    ``furthest`` (from zero); these see every number."""


@message
class Summary:
    """Answer to `ReadSummary`: layers × rows × columns of little-endian floats.

    A block that holds NaN is NaN; complex numbers count by their size.
    """

    dtype: str
    """``float32``, or ``float64`` where float32 could not tell the numbers apart."""
    shape: tuple[int, int, int]
    tail: bytes


@message
class ReadStatistics:
    """Request: statistics of a box in one pass. Answered by `Statistics`."""

    sight: Sight
    box: NumberBox


@part
class Bars:
    """A histogram whose edges are whole multiples of a power of two, so that it is exact.

    Bar i counts the numbers in [(first + i) × 2^power, (first + i + 1) × 2^power).
    """

    first: int
    power: int
    counts: tuple[int, ...]


@message
class Statistics:
    """Answer to `ReadStatistics`. ``low`` to ``deviation`` are of the finite numbers; None when
    there are none. Complex numbers count by their size."""

    count: int
    nan: int
    plus_inf: int
    minus_inf: int
    zeros: int
    low: int | float | None
    high: int | float | None
    mean: float | None
    deviation: float | None
    """Standard deviation with N − 1, None for fewer than two numbers."""
    bars: Bars


@message
class ReadBriefs:
    """Request: the gist of many tensors, for a list. Answered by `Briefs`, those of few numbers
    before those of many, whichever was asked first."""

    sources: tuple[NumbersOf, ...]


QUICK_BRIEFS = 1 << 20
"""At most so many numbers in one `ReadBriefs` are looked at as soon as a tile is read."""


@part
class Brief:
    """Statistics of a whole tensor in short; ``sentence`` is not empty when there are none."""

    count: int = 0
    nan: int = 0
    inf: int = 0
    zeros: int = 0
    low: int | float | None = None
    high: int | float | None = None
    bars: tuple[int, ...] = ()
    """Eight counts of equal width from ``low`` to ``high``."""
    sentence: str = ""


@message
class Briefs:
    """Answer to `ReadBriefs`, in the order asked."""

    briefs: tuple[Brief, ...]


@message
class FindNumber:
    """Request: the next place of a number, row by row through the box, round its end.

    Answered by `Found`.
    """

    sight: Sight
    box: NumberBox
    what: str
    """``nan``, ``inf``, ``zero``, ``max``, ``min``, ``range`` or ``nonzero``."""
    after: tuple[int, ...] = ()
    """Index in the sight to go on from; empty is before the first."""
    backwards: bool = False
    low: float = 0.0
    high: float = 0.0
    """For ``range``, both included."""


@message
class Found:
    """Answer to `FindNumber`; ``index`` is empty and ``found`` False when there is none."""

    found: bool
    index: tuple[int, ...] = ()
    wrapped: bool = False
    """The search went past the end and began anew."""


@message
class FindFirstBad:
    """Request: which of these tensors, in this order, is the first with a bad number.

    Answered by `FoundFirstBad`.
    """

    sources: tuple[NumbersOf, ...]
    what: str = "nan"
    """``nan``, or ``inf`` for NaN and Inf alike."""


@message
class FoundFirstBad:
    """Answer to `FindFirstBad`: place in ``sources``, -1 for none; ``unread`` could not be."""

    place: int
    index: tuple[int, ...] = ()
    unread: int = 0


@message
class ReadCellHistory:
    """Request: what one cell of a tensor held in each of these contents of its storage.

    Answered by `CellHistory`.
    """

    source: NumbersOf
    index: tuple[int, ...]
    contents: tuple[int, ...]


@message
class CellHistory:
    """Answer to `ReadCellHistory`: per content 1 when held, and behind each other the bytes of
    those that are (zeros for the others)."""

    dtype: str
    held: tuple[int, ...]
    tail: bytes


@message
class ExportNumbers:
    """Request: write the numbers of a box to a file. Answered by `Exported`.

    The file appears under its name when it is whole, and not at all otherwise.
    """

    sight: Sight
    box: NumberBox
    path: str
    form: str
    """``npy``, ``npz``, ``safetensors`` or ``csv``."""
    name: str = "tensor"
    """What the tensor is called inside an npz or safetensors file."""
    keep: tuple[int, ...] = ()
    """Dimensions of the box that stay, in this order; empty is all. The others hold one index."""


@message
class Exported:
    """Answer to `ExportNumbers`."""

    path: str
    nbytes: int
    remark: str = ""
    """One sentence when the file's format could not keep the dtype."""
