"""Which line of the text that ran is which line of the text as it stands now."""

from __future__ import annotations


class LineMap:
    """Lines before the first difference and after the last one stay known; between, none is.

    Lines count from 1.
    """

    def __init__(self, ran: list[str], now: list[str]) -> None:
        shorter = min(len(ran), len(now))
        head = 0
        while head < shorter and ran[head] == now[head]:
            head += 1
        tail = 0
        while tail < shorter - head and ran[-1 - tail] == now[-1 - tail]:
            tail += 1
        self._head = head
        self._ran, self._now, self._tail = len(ran), len(now), tail

    @property
    def changed(self) -> bool:
        """Whether the texts differ."""
        return self._head != self._ran or self._ran != self._now

    def to_now(self, line: int) -> int | None:
        """Where a line of the text that ran stands now; None when it was changed."""
        if line <= self._head:
            return line
        return line + self._now - self._ran if line > self._ran - self._tail else None

    def to_ran(self, line: int) -> int | None:
        """The line of the text that ran which stands at ``line`` now."""
        if line <= self._head:
            return line
        return line + self._ran - self._now if line > self._now - self._tail else None
