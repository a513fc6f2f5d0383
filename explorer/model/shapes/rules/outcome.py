"""What goes into a rule and what comes out: headers, outcomes and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from explorer.model.layout.contiguity import Straddle
from explorer.model.strides import Layout

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Header:
    """All that a prediction needs to know of a tensor, and of its storage the size in bytes."""

    layout: Layout
    dtype: str = "float32"
    itemsize: int = 4
    storage_bytes: int = 0
    requires_grad: bool = False
    resizable: bool = True
    """False where the memory belongs to somebody else, such as a NumPy array."""
    conj: bool = False
    """Whether the complex numbers are to be read with the other sign of their imaginary part."""

    def with_layout(self, layout: Layout) -> Header:
        """Another look at the same storage."""
        return replace(self, layout=layout)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call gives: the new header, whether the storage is a new one, and why."""

    header: Header
    copied: bool
    why: str

    @property
    def layout(self) -> Layout:
        return self.header.layout


@dataclass(frozen=True, slots=True)
class ShapeCall:
    """One call of a chain. `name` is the method, the attribute, or `[]`."""

    name: str
    arguments: tuple[object, ...] = ()
    keywords: tuple[tuple[str, object], ...] = ()
    text: str = ""
    """As it is written: `.view(2, -1)`, `[0]`, or `torch.flatten(_, 1)`."""
    as_function: bool = False
    """Whether it is the form `torch.NAME(x, ...)`, which takes no loose numbers for a shape."""


class Refused(Exception):
    """torch raises `error`; the text says why in one sentence.

    `straddle` names the two dimensions that cannot merge, where that is the reason.
    """

    def __init__(self, error: str, reason: str, straddle: Straddle | None = None) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason
        self.straddle = straddle


def view_of(header: Header, layout: Layout, why: str) -> Outcome:
    """A look at the same storage. Refuses more elements than a 64-bit number counts."""
    check_countable(layout.shape)
    return Outcome(header.with_layout(layout), False, why)


def copy_of(header: Header, stride: Sequence[int], shape: tuple[int, ...], why: str) -> Outcome:
    """A new storage, just large enough, with the given shape and strides."""
    made = Layout(shape, tuple(stride), 0)
    storage_bytes = made.numel * header.itemsize
    new = replace(header, layout=made, storage_bytes=storage_bytes, resizable=True, conj=False)
    return Outcome(new, True, why)


def check_countable(shape: Sequence[int]) -> None:
    """Refuse a shape whose number of elements overflows torch's 64-bit count."""
    if prod(shape) > LARGEST:
        raise Refused("RuntimeError", f"{dims_text(shape)} has more elements than can be counted.")


def wrapped(dim: int, ndim: int) -> int:
    """A dimension counted from the left; refused outside the range, in which -1 is the last."""
    width = max(ndim, 1)
    if not -width <= dim < width:
        allowed = f"{-width} to {width - 1}" if ndim else "only -1 and 0"
        raise Refused(
            "IndexError",
            f"There is no dimension {dim}: with {dimensions(ndim)}, {allowed} can be named.",
        )
    return dim + width if dim < 0 else dim


def dimensions(count: int) -> str:
    """`1 dimension`, `3 dimensions`."""
    return f"{count} dimension" if count == 1 else f"{count} dimensions"


def elements(count: int) -> str:
    """`1 element`, `12 elements`."""
    return f"{count} element" if count == 1 else f"{count} elements"


def dims_text(numbers: Sequence[int]) -> str:
    """`[3, 4]`, as torch prints a shape."""
    return "[" + ", ".join(map(str, numbers)) + "]"
