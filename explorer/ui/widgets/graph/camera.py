"""Which part of a picture a widget shows, and how large: arithmetic without anything drawn."""

from __future__ import annotations

from copy import copy

SMALLEST, LARGEST = 0.0002, 4.0
MARGIN = 24.0

AROUND = 8.0
"""How far shadows, borders and thick lines reach beyond the boxes and lines that they belong to."""

Rect = tuple[float, float, float, float]
"""Left, top, right and bottom."""

Place = tuple[float, float, float]
"""Scale, and the point in the top left corner."""


class Camera:
    """``scale`` pixels for a unit of the picture; ``x`` and ``y`` are the picture's point in the
    widget's top left corner. ``width`` and ``height`` are the widget's."""

    def __init__(self) -> None:
        self.scale = 1.0
        self.x = self.y = 0.0
        self.width = self.height = 1.0
        self._part: Rect | None = None

    @property
    def place(self) -> Place:
        """How large and from where on the picture is seen."""
        return self.scale, self.x, self.y

    @property
    def whole(self) -> Rect:
        """The widget, in its pixels."""
        return 0.0, 0.0, self.width, self.height

    def part(self, part: Rect) -> Camera:
        """The same camera as it is now, of which only a part of the widget is looked at."""
        found = copy(self)
        found._part = part
        return found

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the picture is in the widget."""
        return (x - self.x) * self.scale, (y - self.y) * self.scale

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Which point of the picture is at a place of the widget."""
        return x / self.scale + self.x, y / self.scale + self.y

    def seen(self, beside: float = 0.0, above: float = 0.0) -> Rect:
        """The part of the picture that is looked at, and around it all whose own place is near
        enough to reach in; what reaches further is given in units of the picture."""
        left, top, right, bottom = self._part or self.whole
        around = AROUND * max(self.scale, 1.0)
        (x, y), (past, below) = self.to_picture(left, top), self.to_picture(right, bottom)
        around /= self.scale
        return (
            x - around - beside,
            y - around - above,
            past + around + beside,
            below + around + above,
        )

    def view(self) -> Rect:
        """Left, top, right and bottom of the part of the picture in view."""
        return (
            self.x,
            self.y,
            self.x + self.width / self.scale,
            self.y + self.height / self.scale,
        )

    def move(self, dx: float, dy: float) -> None:
        """Move the picture by so many pixels of the widget."""
        self.x -= dx / self.scale
        self.y -= dy / self.scale

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Make everything larger, with the point at (x, y) of the widget staying where it is."""
        px, py = self.to_picture(x, y)
        self.scale = min(max(self.scale * factor, SMALLEST), LARGEST)
        self.x, self.y = px - x / self.scale, py - y / self.scale

    def fit(self, bounds: Rect, largest: float = 1.0) -> None:
        """Show all of the picture, no larger than ``largest``."""
        left, top, right, bottom = bounds
        room = (max(self.width - 2 * MARGIN, 1), max(self.height - 2 * MARGIN, 1))
        scale = min(room[0] / max(right - left, 1), room[1] / max(bottom - top, 1), largest)
        self.scale = min(max(scale, SMALLEST), LARGEST)
        self.x = (left + right) / 2 - self.width / 2 / self.scale
        self.y = (top + bottom) / 2 - self.height / 2 / self.scale

    def fit_width(self, bounds: Rect, least: float) -> None:
        """Show all of the picture if it stays readable at ``least``, else its top in full width
        or as much of it as is readable, with the picture's x = 0 in view."""
        self.fit(bounds)
        if self.scale >= least:
            return
        left, top, right, _ = bounds
        wide = max(self.width - 2 * MARGIN, 1) / max(right - left, 1)
        self.scale = min(max(wide, least), 1.0)
        middle = (left + right) / 2 if wide >= least else 0.0
        seen, margin = self.width / self.scale, MARGIN / self.scale
        # No empty room on one side while something is cut off on the other.
        first = max(left - margin, min(middle - seen / 2, right + margin - seen))
        self.x = first if wide < least else middle - seen / 2
        self.y = top - MARGIN / self.scale

    def show(self, x: float, y: float, margin: float = 60.0) -> bool:
        """Bring a point into view; tells whether anything had to move."""
        sx, sy = self.to_screen(x, y)
        margin = min(margin, self.width / 3, self.height / 3)
        dx = min(0.0, self.width - margin - sx) + max(0.0, margin - sx)
        dy = min(0.0, self.height - margin - sy) + max(0.0, margin - sy)
        self.move(dx, dy)
        return bool(dx or dy)

    def centre(self, x: float, y: float) -> None:
        """Bring a point into the middle."""
        self.x = x - self.width / 2 / self.scale
        self.y = y - self.height / 2 / self.scale
