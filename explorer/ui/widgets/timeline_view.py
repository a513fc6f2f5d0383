"""Which stretch of the steps a timeline shows: arithmetic, without anything drawn."""

from __future__ import annotations

SHORTEST = 8.0


class TimelineView:
    """A window over ``count`` steps; positions in it are shares, 0 at its left end, 1 at its right.

    As long as nobody has zoomed it shows everything, however much there comes to be.
    """

    def __init__(self) -> None:
        self._count = 0
        self._first = 0.0
        self._length = 1.0
        self._all = True

    @property
    def length(self) -> int:
        """About how many steps are in view."""
        return max(round(self._length), 1)

    def set_count(self, count: int) -> None:
        """There are so many steps now."""
        if count < self._count:
            self._all = True
        self._count = count
        if self._all:
            self.show_all()

    def show_all(self) -> None:
        """Everything in view."""
        self._all = True
        self._first = 0.0
        self._length = float(max(self._count, 1))

    def share(self, step: float) -> float:
        """Where a step stands; below 0 or above 1 when it is out of view."""
        if self._length <= 1:
            return 0.5
        return (step - self._first) / (self._length - 1)

    def step_at(self, share: float) -> int:
        """The step nearest to a place."""
        return round(self._first + share * (self._length - 1))

    def visible(self, count: int) -> tuple[int, int]:
        """First and last step in view."""
        first = max(int(self._first), 0)
        return min(first, count - 1), min(int(self._first + self._length), count - 1)

    def zoom(self, factor: float, share: float) -> None:
        """Show ``factor`` times less, with what stands at ``share`` staying where it is."""
        shortest = min(SHORTEST, float(max(self._count, 1)))
        length = min(max(self._length / factor, shortest), float(max(self._count, 1)))
        fixed = self._first + share * (self._length - 1)
        self._length = length
        self._all = length >= self._count
        self._place(fixed - share * (length - 1))

    def show(self, step: int) -> bool:
        """Bring a step into view; tells whether the view had to move."""
        if self._all or 0 <= self.share(step) <= 1:
            return False
        self._place(step - self._length / 2)
        return True

    def _place(self, first: float) -> None:
        self._first = min(max(first, 0.0), max(self._count - self._length, 0.0))
