"""Questions that are answered by running the program again, in a worker of their own."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.troubles.evidence import Search
from explorer.protocol.running import ChanceRead, ReadChance

Program = tuple[str, tuple[str, ...], int | None]
"""Path, arguments and seed."""


@dataclass(frozen=True)
class InFreshWorker:
    """A request for a worker that has run no program."""

    request: object


def seeded(program: Program) -> Search[Program]:
    """The program with the seed that torch had when it began, where it was given none."""
    path, arguments, seed = program
    if seed is None:
        told = yield ReadChance()
        if isinstance(told, ChanceRead) and told.chance.torch:
            seed = int(told.chance.torch)
    return path, arguments, seed
