"""Facts of a layout, each in one sentence that a learner understands."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from explorer.model.card import Card, Content
from explorer.model.layout.contiguity import formats_of, row_break
from explorer.model.layout.reach import places_reached
from explorer.model.shapes.rules.outcome import Header
from explorer.model.strides import Layout, checked_index
from explorer.model.tensor_words import size_words


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `role` is empty, `stride` or `place`."""

    text: str
    role: str = ""


def layout_of(card: Card) -> Layout | None:
    """The layout of a tensor; None for one that has no strides (sparse, nested, quantized)."""
    kind = card.kind
    if (
        kind.layout != "strided"
        or len(kind.shape) != len(kind.stride)
        or min(kind.shape, default=0) < 0
    ):
        return None
    return Layout(kind.shape, kind.stride, kind.offset)


def header_of(card: Card, content: Content | None) -> Header | None:
    """What the prediction of shape calls is told of a tensor; None for one without strides."""
    layout = layout_of(card)
    if layout is None:
        return None
    kind = card.kind
    held = content.nbytes if content is not None else layout.end * kind.itemsize
    foreign = any(flag in kind.flags for flag in ("numpy", "shared"))
    return Header(
        layout,
        kind.dtype,
        kind.itemsize,
        held,
        kind.requires_grad,
        not foreign,
        "conj" in kind.flags,
    )


def arithmetic(name: str, layout: Layout, index: tuple[int, ...]) -> tuple[Piece, ...]:
    """`d[2, 1] → offset 0 + 2·1 + 1·4 = 6`, in pieces. Raises IndexError outside the shape."""
    index = checked_index(layout, index)
    if not index:
        return (Piece(f"{name} → offset "), Piece(str(layout.offset), "place"))
    inside = ", ".join(map(str, index))
    pieces = [Piece(f"{name}[{inside}] → offset {layout.offset}")]
    place = layout.offset
    for i, stride in zip(index, layout.stride, strict=True):
        pieces += [Piece(f" + {i}·"), Piece(str(stride), "stride")]
        place += i * stride
    return (*pieces, Piece(" = "), Piece(str(place), "place"))


def plain(pieces: tuple[Piece, ...]) -> str:
    """The text of the pieces."""
    return "".join(piece.text for piece in pieces)


def order_words(layout: Layout) -> str:
    """How a tensor reads its storage: `row by row (stride 4, 1)`."""
    strides = f"stride {', '.join(map(str, layout.stride))}"
    if layout.numel == 0:
        return "nothing: it has no elements"
    if layout.numel == 1:
        return f"the one place {layout.offset}"
    moving = [d for d in range(layout.ndim) if layout.shape[d] > 1]
    still = [d for d in moving if layout.stride[d] == 0]
    if still:
        word = "dimension" if len(still) == 1 else "dimensions"
        return f"the same places again along {word} {', '.join(map(str, still))} ({strides})"
    formats = formats_of(layout)
    if formats and formats[0] != "contiguous_format":
        return f"with the channels next to each other, {formats[0]} ({strides})"
    if len(moving) == 1:
        step = layout.stride[moving[0]]
        return "one place after the other" if step == 1 else f"every {_nth(step)} place"
    falling = [layout.stride[d] for d in moving]
    if falling == sorted(falling, reverse=True):
        return f"row by row ({strides})"
    if falling == sorted(falling):
        return f"down the columns ({strides})"
    return f"in an order of its own ({strides})"


def _nth(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in (11, 12, 13) else endings.get(number % 10, "th")
    return "second" if number == 2 else "third" if number == 3 else f"{number}{ending}"


def contiguity_sentence(layout: Layout) -> str:
    """Whether it is contiguous, in which format, and which stride says otherwise."""
    formats = formats_of(layout)
    if layout.numel == 0:
        return "Contiguous: without elements there is nothing that could lie apart."
    if "contiguous_format" in formats:
        also = [name for name in formats if name != "contiguous_format"]
        return f"Contiguous, in {also[0]} as well." if also else "Contiguous."
    if formats:
        return f"Contiguous in {formats[0]}, not in row order."
    broken = row_break(layout)
    assert broken is not None
    dim, dense = broken
    return (
        f"Not contiguous: dimension {dim} steps by {layout.stride[dim]}, and next to each other "
        f"would be steps of {dense}."
    )


def sharing_sentence(name: str, layout: Layout, other: str, other_layout: Layout) -> str:
    """How two names read the same storage."""
    return (
        f"{other} reads it {order_words(other_layout)}; {name} reads the same bytes "
        f"{order_words(layout)}."
    )


def repeats_sentence(name: str, layout: Layout) -> str:
    """Why writing into a tensor that meets places twice fails or surprises; empty when it does not.

    torch refuses in-place operations on a tensor with a stride 0 over more than one element, and
    looks no further.
    """
    if layout.numel == 0:
        return ""
    still = [d for d in range(layout.ndim) if layout.shape[d] > 1 and layout.stride[d] == 0]
    if still:
        times = prod(layout.shape[d] for d in still)
        return (
            f"Stride 0 along dimension {still[0]}: every place is read {times} times over. "
            f"Most in-place operations on {name} are refused, since one place cannot hold "
            f"{times} results; {name}.clone() gives each element a place."
        )
    reached = places_reached(layout)
    if reached is not None and reached < layout.numel:
        return (
            f"{layout.numel} elements lie at {reached} places. torch lets you write into {name}, "
            f"but a place that is met twice holds whichever result came last."
        )
    return ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Bytes of a storage that a tensor reaches; `reached` is None where that is hard to count."""

    reached: int | None
    held: int

    @property
    def text(self) -> str:
        """`48 of 48 B`."""
        if self.reached is None:
            return f"of {size_words(self.held)}"
        if self.held < 1000:
            return f"{self.reached} of {self.held} B"
        return f"{size_words(self.reached)} of {size_words(self.held)}"


def reach_of(layout: Layout, itemsize: int, held: int) -> Reach:
    """Bytes reached of bytes held."""
    places = places_reached(layout)
    return Reach(None if places is None else places * itemsize, held)


def kept_alive_sentence(names: list[str], reaches: list[Reach], held: int) -> str:
    """Points out a storage that is much larger than what its names reach of it; else empty."""
    known = [one.reached for one in reaches if one.reached is not None]
    if len(known) < len(reaches) or not known or held < 1024:
        return ""
    most = min(sum(known), held)
    if most * 4 > held:
        return ""
    first = names[reaches.index(max(reaches, key=lambda one: one.reached or 0))]
    whose = f"{first} looks" if len(names) == 1 else f"{len(names)} names look"
    return (
        f"{whose} at {size_words(most)}, and all {size_words(held)} stay in memory for it; "
        f"{first}.clone() would let the rest go."
    )


def flags_words(card: Card) -> tuple[str, ...]:
    """What else shares or holds the memory, in words."""
    words = {
        "numpy": "shared with NumPy",
        "shared": "shared with other processes",
        "pinned": "pinned",
        "conj": "read conjugated",
        "neg": "read negated",
        "quantized": "quantized",
        "inference": "made in inference mode",
    }
    return tuple(text for flag, text in words.items() if flag in card.kind.flags)
