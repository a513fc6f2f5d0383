"""Processor time of this process and of what it starts, in rounds, with the spread."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


def processor_seconds() -> float:
    """Processor time that this process and its ended children have used."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    before = processor_seconds()
    work()
    return processor_seconds() - before


@dataclass(frozen=True)
class Taken:
    """Seconds of several rounds."""

    seconds: list[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    def words(self) -> str:
        """Milliseconds: the median and, in brackets, the least and the most."""
        low, high = min(self.seconds) * 1e3, max(self.seconds) * 1e3
        return f"{self.median * 1e3:.1f} ms ({low:.1f} to {high:.1f})"


def ratio_words(one: Taken, other: Taken) -> str:
    """How many times the first the second took: of the medians, and the quartiles of the pairs
    of each round."""
    pairs = sorted(b / a for a, b in zip(one.seconds, other.seconds, strict=True) if a > 0)
    if not pairs:
        return "-"
    low, high = pairs[len(pairs) // 4], pairs[-1 - len(pairs) // 4]
    return f"{other.median / one.median:.1f} times ({low:.1f} to {high:.1f})"


def in_rounds(jobs: Sequence[Callable[[], object]], rounds: int, warm: int = 1) -> list[Taken]:
    """Each of the jobs once in every round, after rounds that do not count."""
    found: list[list[float]] = [[] for _ in jobs]
    for number in range(rounds + warm):
        for job, times in zip(jobs, found, strict=True):
            took = timed(job)
            if number >= warm:
                times.append(took)
    return [Taken(times) for times in found]
