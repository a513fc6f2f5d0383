"""What of a storage strip is visible: zoom, scrolling, painting, and wishes for numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from explorer.ui.theme import mono_font, theme, ui_font
from explorer.ui.widgets.storage.strip_content import NOTHING, NumberCache, Numbers, StripContent
from explorer.ui.widgets.storage.strip_geometry import (
    MOST_ROWS,
    ROW_GAP,
    StripGeometry,
    Zoom,
    zooms,
)
from explorer.ui.widgets.storage.strip_painting import StripLook, paint_row

NARROWEST, WIDEST = 30.0, 128.0
LARGEST_GUTTER = 110.0
MOST_AS_NUMBERS = 20_000
"""Longer storages are shown whole first, not from their first numbers on."""


class StripView(QAbstractScrollArea):
    """Paints what is visible and wishes for the numbers of that alone."""

    numbers_wanted = Signal(object, object, int)
    """First cell, cell after the last, and cells per box: numbers that are to be shown."""
    bytes_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = NOTHING
        self._numbers = NumberCache()
        self._zoom = 0
        self._box = 44.0
        self._bytes = False
        self._current: int | None = None
        self._hovered: int | None = None
        self._changed: list[tuple[int, int]] = []
        self._words = ""
        self._scale = 1.0
        self._first_cell = 0
        self._in_sight: int | None = None
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._ask)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.setAccessibleName("Storage strip")

    # What is shown.

    def show_storage(self, content: StripContent) -> None:
        """Show another storage, or the same at another step with zoom and place kept."""
        if content.key != self._content.key:
            self._numbers.clear()
        other = (content.letter, content.length) != (self._content.letter, self._content.length)
        self._content = content
        if other:
            many = content.length > MOST_AS_NUMBERS
            self._zoom = len(zooms(content.length)) - 1 if many else 0
            self.forget_widths()
        self._lay_out()
        if other and content.chosen is not None and content.length:
            self._bring_into_sight(min(content.chosen.layout.offset, content.length - 1))

    def set_numbers(self, first_cell: int, cells: int, numbers: Numbers) -> None:
        """Numbers that were asked for; `first_cell` as in the wish."""
        self._numbers.put(cells, first_cell // cells, numbers)
        if numbers.texts:
            metrics = QFontMetricsF(mono_font(11))
            widest = max(metrics.horizontalAdvance(text) for text in numbers.texts) + 14
            box = max(self._box, min(max(widest, NARROWEST), WIDEST))
            if box != self._box:
                self._box = box
                self._lay_out()
        self.viewport().update()

    def set_scale(self, scale: float) -> None:
        """The size of number, from zero, that gets the full colour."""
        self._scale = scale
        self.viewport().update()

    def numbers_failed(self, first_cell: int, stop_cell: int, cells: int) -> None:
        """Numbers that were asked for cannot be had now."""
        self._numbers.give_up(cells, first_cell // cells, -(-stop_cell // cells))

    def forget_widths(self) -> None:
        """Let boxes become narrow again, for a storage of another dtype."""
        self._box = 36.0

    def set_current(self, place: int | None, words: str = "") -> None:
        """Outline a place and bring it into sight; `words` say what it is."""
        self._current = place
        self._words = words
        if place is not None and 0 <= place < self._content.length:
            self._bring_into_sight(place)
        self._describe()
        self.viewport().update()

    def set_hovered(self, place: int | None) -> None:
        """Outline a place lightly."""
        if place != self._hovered:
            self._hovered = place
            self.viewport().update()

    def set_changed(self, ranges: list[tuple[int, int]]) -> None:
        """Mark the stretches of cells that the step wrote."""
        self._changed = ranges
        self.viewport().update()

    def set_bytes_shown(self, shown: bool) -> None:
        """Show byte addresses below the boxes."""
        if shown != self._bytes:
            self._bytes = shown
            self._lay_out()
            self.bytes_toggled.emit(shown)

    @property
    def bytes_shown(self) -> bool:
        return self._bytes

    @property
    def zoom(self) -> Zoom:
        return zooms(self._content.length)[self._zoom]

    @property
    def current(self) -> int | None:
        return self._current

    @property
    def hovered(self) -> int | None:
        return self._hovered

    def zoom_by(self, steps: int) -> None:
        """Zoom out for positive steps, in for negative ones; the current place stays in sight."""
        levels = len(zooms(self._content.length))
        wanted = max(0, min(self._zoom + steps, levels - 1))
        if wanted != self._zoom:
            middle = self._current
            if middle is None:
                middle = self.geometry_now().cells_of_row(self.verticalScrollBar().value())[0]
            self._zoom = wanted
            self._lay_out()
            self._bring_into_sight(middle)

    # Geometry.

    def geometry_now(self) -> StripGeometry:
        """Where everything stands at the present size."""
        content = self._content
        gutter = 0.0
        if content.tracks:
            metrics = QFontMetricsF(ui_font(10))
            gutter = max(metrics.horizontalAdvance(one.title) for one in content.tracks) + 10
            gutter = min(gutter, LARGEST_GUTTER)
        return StripGeometry(
            content.length,
            self.zoom,
            self.viewport().width(),
            self._box,
            gutter,
            len(content.tracks),
            self._bytes,
            content.wrap,
        )

    def sizeHint(self) -> QSize:
        geometry = self.geometry_now()
        return QSize(400, min(geometry.rows, 6) * geometry.row_height + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.geometry_now().row_height + 4)

    def _lay_out(self) -> None:
        geometry = self.geometry_now()
        bar = self.verticalScrollBar()
        fit = self.rows_in_view(geometry)
        bar.setPageStep(fit)
        bar.setSingleStep(1)
        first, sight = self._first_cell, self._in_sight
        bar.setRange(0, min(max(0, geometry.rows - fit), MOST_ROWS))
        bar.setValue(min(geometry.row_of(first), MOST_ROWS))  # the same cell stays at the top
        self._first_cell = first
        if sight is not None:
            self._bring_into_sight(sight)
        self.setMaximumHeight(max(1, min(geometry.rows, 40)) * geometry.row_height + 4)
        self.updateGeometry()
        self._describe()
        self.viewport().update()
        self._asking.start()

    def _bring_into_sight(self, place: int) -> None:
        geometry, bar = self.geometry_now(), self.verticalScrollBar()
        row = geometry.row_of(place)
        fit = self.rows_in_view(geometry)
        if row < bar.value():
            bar.setValue(row)
        elif row >= bar.value() + fit:
            bar.setValue(row - fit + 1)
        self._in_sight = place

    def _scrolled(self) -> None:
        self._in_sight = None
        self._first_cell = self.geometry_now().cells_of_row(self.verticalScrollBar().value())[0]
        self.viewport().update()
        self._asking.start()

    def rows_in_view(self, geometry: StripGeometry) -> int:
        """Only whole ones: what is cut is hard to read, and the scroll bar tells of the rest."""
        return max(1, (self.viewport().height() + ROW_GAP) // geometry.row_height)

    def _visible_rows(self, geometry: StripGeometry) -> range:
        first = self.verticalScrollBar().value()
        return range(first, min(first + self.rows_in_view(geometry), geometry.rows))

    def _ask(self) -> None:
        """Wish for the numbers of all visible boxes that are not there."""
        geometry = self.geometry_now()
        rows = self._visible_rows(geometry)
        if not len(rows) or not self._content.length:
            return
        cells = geometry.zoom.cells
        first = rows.start * geometry.columns
        stop = min(rows.stop * geometry.columns, geometry.boxes)
        for start, end in self._numbers.missing(cells, first, stop):
            last = min(end * cells, self._content.length)
            self.numbers_wanted.emit(start * cells, last, cells)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), theme().background)
        geometry = self.geometry_now()
        look = StripLook(
            self._content, geometry, self._numbers, theme(), self._changed, self._scale
        )
        rows = self._visible_rows(geometry)
        for row in rows:
            paint_row(painter, look, row, (row - rows.start) * geometry.row_height)
        self._paint_outline(painter, geometry, self._hovered, 1.0)
        self._paint_outline(painter, geometry, self._current, 2.0)

    def _paint_outline(
        self, painter: QPainter, geometry: StripGeometry, place: int | None, width: float
    ) -> None:
        if place is None or not 0 <= place < self._content.length:
            return
        rect = geometry.rect_of(place, self.verticalScrollBar().value())
        colour = theme().current if width > 1 else theme().accent
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(-1, -1, 1, 1), 3, 3)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _describe(self) -> None:
        content = self._content
        told = f"Storage {content.letter}: {content.length} cells of {content.unit} bytes."
        if self._current is not None:
            text = self._numbers.text(self._current)
            holds = f" holds {text}" if text is not None else ""
            told += f" Place {self._current}{holds}. {self._words}"
        self.setAccessibleDescription(told)
