"""What all graphs of a run had saved for their backward passes, and for how long."""

from __future__ import annotations

from explorer.protocol.message import message


@message
class ReadSaved:
    """Request: every tensor that a node saved, with all nodes. Answered by `Saved`."""

    limit: int = 200_000
    """Most nodes that are told of, oldest first."""


@message
class Saved:
    """Answer to `ReadSaved`: columns one after another in the tail, little-endian int64.

    By node, of ids 1 to ``nodes``: the step of the statement that made it, and the step whose
    backward freed what it had saved (-1: never). By edge: the node that a gradient leaves and
    the node that it goes to. By saved tensor: the node, the tensor (0: not recorded), and the
    place of the node's name in ``names``.
    """

    nodes: int
    edges: int
    tensors: int
    names: tuple[str, ...]
    more: int
    """Nodes beyond the limit."""
    tail: bytes
