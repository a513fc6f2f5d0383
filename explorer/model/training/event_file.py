"""TensorBoard event files, written without TensorBoard.

The container is TFRecord: length, masked CRC-32C of the length, data, masked CRC-32C of the data
(tensorflow/core/lib/io/record_writer.h). Each record is an ``Event`` protocol buffer
(tensorflow/core/util/event.proto) that holds a ``Summary`` with one ``simple_value`` or
one ``histo``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[str, int, float]
"""Tag, step and value of one scalar."""


@dataclass(frozen=True)
class HistogramPoint:
    """One histogram: ``limits`` are the right borders of its buckets, ``counts`` how many numbers
    lie in each."""

    tag: str
    step: int
    low: float
    high: float
    total: float
    squares: float
    limits: tuple[float, ...]
    counts: tuple[float, ...]


def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        remainder = byte
        for _ in range(8):
            remainder = (remainder >> 1) ^ (0x82F63B78 if remainder & 1 else 0)
        table.append(remainder)
    return tuple(table)


TABLE = _table()


def crc32c(data: bytes) -> int:
    """Castagnoli's CRC (RFC 3720, appendix B.4)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked(crc: int) -> int:
    """The CRC as TFRecord stores it: rotated by 15 bits, plus a constant."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def event_file(points: Iterable[Point | HistogramPoint], wall_time: float) -> bytes:
    """An event file with these scalars and histograms.

    Args:
        points: what to write, in this order.
        wall_time: seconds since 1970, the same for all.
    """
    version = _double(1, wall_time) + _text(3, "brain.Event:2")
    events = (
        _histogram(point, wall_time)
        if isinstance(point, HistogramPoint)
        else _scalar(point, wall_time)
        for point in points
    )
    return _record(version) + b"".join(map(_record, events))


def _scalar(point: Point, wall_time: float) -> bytes:
    tag, step, value = point
    return _event(step, _text(1, tag) + b"\x15" + _float32(value), wall_time)


def _histogram(point: HistogramPoint, wall_time: float) -> bytes:
    """A ``HistogramProto`` (tensorflow/core/framework/summary.proto) in a summary's value."""
    numbers = (point.low, point.high, float(sum(point.counts)), point.total, point.squares)
    proto = b"".join(_double(field, number) for field, number in enumerate(numbers, start=1))
    for field, column in ((6, point.limits), (7, point.counts)):
        proto += _message(field, struct.pack(f"<{len(column)}d", *column))
    return _event(point.step, _text(1, point.tag) + _message(5, proto), wall_time)


def _event(step: int, value: bytes, wall_time: float) -> bytes:
    return _double(1, wall_time) + b"\x10" + _varint(step) + _message(5, _message(1, value))


def _float32(value: float) -> bytes:
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", float("inf") if value > 0 else float("-inf"))


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return (
        length
        + struct.pack("<I", masked(crc32c(length)))
        + data
        + struct.pack("<I", masked(crc32c(data)))
    )


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _message(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())
