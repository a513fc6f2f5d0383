"""Many short lists and tuples in one container, such as pairs of a picture and its label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from explorer.worker.recording.bare import are_identical, are_rows, identities_of


class Rows:
    """Lists and tuples that hold no containers, as they were; compared all at once."""

    __slots__ = ("_identities", "_sizes", "places")

    def __init__(self, places: list[int], rows: Sequence[Any]) -> None:
        self.places = places
        """Where they are in the container."""
        self._sizes = [*map(len, rows)]
        self._identities = identities_of([*chain.from_iterable(rows)])

    def still_fit(self, items: Sequence[Any]) -> bool:
        """Whether what a container holds has the very same objects in these places."""
        every = len(self.places) == len(items)
        rows = items if every else [items[place] for place in self.places]
        if not are_rows(rows) or [*map(len, rows)] != self._sizes:
            return False
        return are_identical([*chain.from_iterable(rows)], self._identities)
