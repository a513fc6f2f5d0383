"""Expressions that are evaluated with the names of a step."""

from __future__ import annotations

from explorer.protocol.message import message, part
from explorer.protocol.numbers import NumbersOf


@part
class KnownTensor:
    """A path (``x``, ``rows[2]``, ``net.0.weight``) and the tensor it led to at the step."""

    path: str
    source: NumbersOf
    requires_grad: bool
    grad: NumbersOf | None = None
    """Its ``.grad`` at the step."""
    device: str = "cpu"
    """Where it lay; on ``meta`` there are no numbers."""


@part
class KnownScalar:
    """A name that ``statement`` had bound to a plain value when it ran as step ``step``."""

    name: str
    step: int
    statement: int


@message
class Evaluate:
    """Request: evaluate an expression (or run statements) with the names of a step.

    ``tensors`` and ``scalars`` are what the recording knows of the names in ``text``; what it does
    not know is taken as the program left it. Nothing of the program is changed. Answered by
    `Evaluated`.
    """

    step: int
    text: str
    tensors: tuple[KnownTensor, ...] = ()
    scalars: tuple[KnownScalar, ...] = ()


@message
class Evaluated:
    """Answer: ``text`` is what Python's prompt would print; ``raised`` when it is a traceback."""

    text: str
    raised: bool = False
