"""Message <-> bytes: 4 bytes length of the head, 8 bytes length of the tail, JSON head, raw tail.

Does no input or output itself: whoever owns the socket feeds bytes in and sends bytes out.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from explorer.protocol.message import BadMessage, from_head, head_of
from explorer.protocol.messages import KINDS

PROTOCOL = 1
"""Raised whenever a message changes; both sides name theirs in the first message."""

LENGTHS = struct.Struct(">IQ")
HEAD_LIMIT = 1 << 28
TAIL_LIMIT = 1 << 34


@dataclass(frozen=True)
class Written:
    """A message that has been written out already, as a long one may be in another thread."""

    head: bytes
    tail: bytes


def written(sent: object) -> Written:
    """Write a message out; what has been stays as it is."""
    if isinstance(sent, Written):
        return sent
    head, tail = head_of(sent)
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False)
    return Written(text.encode("utf-8", "replace"), tail)


def encode(sent: object, number: int = 0) -> tuple[bytes, bytes]:
    """The two byte strings of a message: lengths and head, then tail.

    ``number`` joins a request and its answer; news carry 0.
    """
    whole = written(sent)
    head = whole.head
    if number:
        head = b'%b,"number":%d}' % (head[:-1], number)
    return LENGTHS.pack(len(head), len(whole.tail)) + head, whole.tail


class Decoder:
    """Collects bytes until whole messages are there."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[tuple[Any, int]]:
        """Add bytes; yield each whole message with its number.

        A message that does not fit is yielded as the `BadMessage` itself, and the stream goes on.

        Raises:
            BadMessage: when the stream itself is broken and cannot go on.
        """
        self._bytes += data
        while len(self._bytes) >= LENGTHS.size:
            head_length, tail_length = LENGTHS.unpack_from(self._bytes)
            if head_length > HEAD_LIMIT or tail_length > TAIL_LIMIT:
                raise BadMessage("The other side does not speak this program's protocol.")
            end = LENGTHS.size + head_length + tail_length
            if len(self._bytes) < end:
                return
            middle = LENGTHS.size + head_length
            text = bytes(self._bytes[LENGTHS.size : middle])
            tail = bytes(self._bytes[middle:end])
            del self._bytes[:end]
            yield decode(text, tail)


def decode(text: bytes, tail: bytes) -> tuple[Any, int]:
    """One message and its number; a message that does not fit comes as its `BadMessage`."""
    number = 0
    try:
        head = json.loads(text)
        if isinstance(head, dict) and type(head.get("number")) is int:
            number = head["number"]
        return from_head(head, tail, KINDS), number
    except BadMessage as err:
        return err, number
    except ValueError as err:
        return BadMessage(f"A message arrived that is no JSON: {err}."), number
