"""Which words stand beside which place of a picture, so that no two of them meet."""

from __future__ import annotations

from collections.abc import Iterator

Room = tuple[float, float, float, float]
"""Left, top, right and bottom."""
Place = tuple[float, float]

BAND = 32.0
"""Rooms are kept by bands of this height."""


class WordsBeside:
    """Words that were found room for, by the place that they belong to; newer words for a place
    take the room of older ones."""

    def __init__(self) -> None:
        self._known: dict[Place, tuple[str, str, Room]] = {}
        self._bands: dict[int, dict[Place, Room]] = {}

    def find(self, place: Place, text: str) -> tuple[str, Room] | None:
        """As much of a text as there was room for, and that room; None: not looked for."""
        known = self._known.get(place)
        return known[1:] if known is not None and known[0] == text else None

    def keep(self, place: Place, text: str, part: str, room: Room) -> None:
        """Note what was found for a text."""
        before = self._known.get(place)
        if before is not None:
            self._bands[int(before[2][1] // BAND)].pop(place, None)
        self._known[place] = text, part, room
        self._bands.setdefault(int(room[1] // BAND), {})[place] = room

    def rooms(self) -> Iterator[tuple[str, Room]]:
        """Every part of a text that stands somewhere, and where."""
        for band in self._bands.values():
            for place, room in band.items():
                if self._known[place][1]:
                    yield self._known[place][1], room

    def meets(self, place: Place, room: Room) -> bool:
        """Whether a room for words of a place meets that of another's."""
        left, top, right, bottom = room
        band = int(top // BAND)
        return any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for near in (band - 1, band, band + 1)
            for owner, other in self._bands.get(near, {}).items()
            if owner != place
        )
