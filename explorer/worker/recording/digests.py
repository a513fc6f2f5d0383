"""Digests of contents, by which two runs are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import torch

from explorer.protocol.digests import Digests, ReadDigests
from explorer.worker.quiet import quiet
from explorer.worker.recording.storages import bytes_of
from explorer.worker.recording.whole import has_plain_storage, parts_of_whole
from explorer.worker.snapshots import ContentGone, Snapshots
from explorer.worker.tiles import tensor_bytes

PIECE = 1 << 22
"""Bytes that are copied at a time."""


def read_digests(snapshots: Snapshots, request: ReadDigests) -> Iterator[Digests | None]:
    """Answer `ReadDigests`: None between contents, the answer last."""
    texts = []
    for content in request.contents:
        texts.append(_digest(snapshots, content))
        yield None
    yield Digests(tuple(texts))


def _digest(snapshots: Snapshots, content: int) -> str:
    try:
        held = snapshots.tensor_of(content, "uint8", (0,), (1,), 0)
    except ContentGone:
        return ""
    made = hashlib.blake2b(digest_size=16)
    with quiet():
        for part in [held] if has_plain_storage(held) else parts_of_whole(held):
            made.update(f"{part.dtype} {tuple(part.shape)}".encode() if part is not held else b"")
            stored = _bytes(part)
            for start in range(0, stored.numel(), PIECE):
                made.update(tensor_bytes(stored[start : start + PIECE]))
    return made.hexdigest()


def _bytes(part: torch.Tensor) -> torch.Tensor:
    return bytes_of(part if part.is_contiguous() else part.contiguous())
