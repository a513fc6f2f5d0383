"""TensorBoard event files, written without TensorBoard.

The container is TFRecord: length, masked CRC-32C of the length, data, masked CRC-32C of the data
(tensorflow/core/lib/io/record_writer.h). Each record is an ``Event`` protocol buffer
(tensorflow/core/util/event.proto) that holds a ``Summary`` with one ``simple_value``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

Point = tuple[str, int, float]
"""Tag, step and value of one scalar."""


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


def event_file(points: Iterable[Point], wall_time: float) -> bytes:
    """An event file with these scalars.

    Args:
        points: tag, step and value of each, in the order to write them.
        wall_time: seconds since 1970, the same for all.
    """
    version = _double(1, wall_time) + _text(3, "brain.Event:2")
    return _record(version) + b"".join(_record(_scalar(point, wall_time)) for point in points)


def _scalar(point: Point, wall_time: float) -> bytes:
    tag, step, value = point
    summary_value = _text(1, tag) + b"\x15" + _float32(value)
    summary = _message(1, summary_value)
    return _double(1, wall_time) + b"\x10" + _varint(step) + _message(5, summary)


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
