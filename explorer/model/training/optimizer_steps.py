"""Every optimizer step of a recording: which optimizer, with which parameters and settings."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from explorer.model.history import History
from explorer.protocol.optimizers import OptimizerSeen, OptimizerStepped, ParameterGroup


@dataclass(frozen=True)
class OptimizerStep:
    """One call of ``step()``; ``count`` is how many calls of this optimizer there were with it."""

    step: int
    kind: str
    count: int
    groups: tuple[ParameterGroup, ...]


class OptimizerSteps:
    """Filled from the worker's news, asked by step."""

    def __init__(self) -> None:
        self._seen: dict[int, History[OptimizerSeen]] = {}
        self._steps: list[int] = []
        self._which: list[tuple[int, int]] = []
        self._counts: dict[int, int] = {}

    def optimizer_seen(self, news: OptimizerSeen) -> None:
        """Take what an optimizer holds from a step on."""
        self._seen.setdefault(news.optimizer, History()).add(news.step, news)

    def optimizer_stepped(self, news: OptimizerStepped) -> None:
        """Take one call of ``step()``."""
        count = self._counts[news.optimizer] = self._counts.get(news.optimizer, 0) + 1
        self._steps.append(news.step)
        self._which.append((news.optimizer, count))

    def last_at(self, step: int) -> OptimizerStep | None:
        """The last optimizer step at or before ``step``; None when there was none."""
        place = bisect_right(self._steps, step) - 1
        if place < 0:
            return None
        optimizer, count = self._which[place]
        history = self._seen.get(optimizer)
        seen = history.at(self._steps[place]) if history else None
        if seen is None:
            return None
        return OptimizerStep(self._steps[place], seen.class_name, count, seen.groups)
