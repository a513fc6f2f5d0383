"""The element types of the installed torch."""

from __future__ import annotations

from explorer.protocol.message import message, part


@message
class ReadTypes:
    """Request: every dtype of the worker's torch. Answered by `Types`."""


@part
class ElementType:
    """One dtype: its names, size, range and where this machine can hold it."""

    name: str
    aliases: tuple[str, ...]
    family: str
    """``floating``, ``complex``, ``integer``, ``boolean``, ``quantized`` or ``bits``."""
    bits: int
    smallest: str
    largest: str
    tiny: str
    """Smallest positive normal number of a floating type, else empty."""
    epsilon: str
    """Distance from 1 to the next number of a floating type, else empty."""
    digits: int
    """Decimal digits that survive a round trip, 0 where that has no meaning."""
    cpu_class: str
    """Legacy class, such as ``torch.FloatTensor``; empty where there is none."""
    gpu_class: str
    held_on: tuple[str, ...]
    """Devices of this machine on which such a tensor can be made."""
    refused: tuple[str, ...]
    """For each device that cannot: ``device: why``."""


@message
class Types:
    """Answer to `ReadTypes`; ``default`` is the floating type that new tensors get."""

    types: tuple[ElementType, ...]
    default: str
