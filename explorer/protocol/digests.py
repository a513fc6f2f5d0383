"""Whether two runs held the same, without sending what they held."""

from __future__ import annotations

from explorer.protocol.message import message


@message
class ReadDigests:
    """Request: a digest of what each of these contents holds. Answered by `Digests`."""

    contents: tuple[int, ...]


@message
class Digests:
    """Answer to `ReadDigests`: equal bytes give equal texts; empty where nothing is held."""

    texts: tuple[str, ...]
