"""Paints the cells of the tensor table: bold names, storage chips, small histograms."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from explorer.ui.tensors.row import Column, Row
from explorer.ui.tensors.row_words import ON_META
from explorer.ui.tensors.table import TensorTable
from explorer.ui.theme import mono_font, theme, ui_font
from explorer.ui.widgets.laid_out import LaidOut

ROW_HEIGHT = 26
PAD = 7
_MONO = {Column.SHAPE, Column.DTYPE, Column.STRIDE, Column.OFFSET, Column.RANGE, Column.VERSION}
_QUIET = {"–", "…", "empty", "not known", ON_META}
_NAME, _STORAGE, _VALUES, _RANGE = map(
    int, (Column.NAME, Column.STORAGE, Column.VALUES, Column.RANGE)
)
_QUIET_AT_ZERO = {int(Column.OFFSET), int(Column.VERSION)}
_SELECTED = QStyle.StateFlag.State_Selected.value


class TensorCells(QStyledItemDelegate):
    """One delegate for all columns. It asks the table itself: through an index each answer would
    cost more than what is drawn of it."""

    def __init__(self, table: TensorTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self._names = LaidOut(ui_font(13, bold=True), cut=Qt.TextElideMode.ElideLeft)
        self._words = LaidOut(ui_font(13))
        self._code = LaidOut(mono_font(12))
        self._faces = [self._code if column in _MONO else self._words for column in Column]

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        column = index.column()
        row, texts = self._table.told(index.row())
        return QSize(self._width(column, row, texts), ROW_HEIGHT)

    def width_of(self, column: int, text: str) -> int:
        """Pixels that a text takes in a column of words or numbers."""
        return round(self._faces[column].metrics.horizontalAdvance(text)) + 2 * PAD + 6

    def _width(self, column: int, row: Row, texts: tuple[str, ...]) -> int:
        if column == Column.NAME:
            width = self._names.metrics.horizontalAdvance(row.name)
            width += self._words.metrics.horizontalAdvance(f"  {row.relation}")
            return round(width) + 2 * PAD + 6
        if column == Column.VALUES:
            return 64 + 2 * PAD + 6
        return self.width_of(column, texts[column]) + (16 if column == Column.STORAGE else 0)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        column = index.column()
        row, texts = self._table.draw(index.row())
        rect: QRectF = QRectF(option.rect)
        colours = theme()
        if option.state.value & _SELECTED:
            painter.fillRect(rect, colours.selection)
        elif row.changed:
            painter.fillRect(rect, colours.current_line)
        if column == _NAME and row.strength >= 0:
            painter.fillRect(rect, colours.diverging(max(row.strength, 0.15)))
        left, top, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        painter.fillRect(QRectF(left, top + height - 1, width, 1), colours.line)
        inner = QRectF(left + PAD, top, width - PAD - 2, height - 1)
        if column == _NAME:
            if row.changed:
                painter.fillRect(QRectF(left, top, 3, height), colours.current)
            self._paint_name(painter, inner, row)
        elif column == _VALUES:
            self._paint_bars(painter, inner, row)
        else:
            if column == _STORAGE and row.letter:
                inner = self._paint_chip(painter, inner, row.letter)
            text = texts[column]
            quiet = text in _QUIET or (text == "0" and column in _QUIET_AT_ZERO)
            bad = column == _RANGE and ("NaN" in text or "Inf" in text)
            painter.setPen(colours.error if bad else colours.muted if quiet else colours.text)
            self._faces[column].draw(painter, inner, text)

    def _paint_name(self, painter: QPainter, inner: QRectF, row: Row) -> None:
        painter.setPen(theme().text)
        width = self._names.draw(painter, inner, row.name)
        if row.relation:
            painter.setPen(theme().muted)
            self._words.draw(painter, inner.adjusted(width + 6, 0, 0, 0), row.relation)

    def _paint_chip(self, painter: QPainter, inner: QRectF, letter: str) -> QRectF:
        """The storage's colour; returns the room beside it."""
        box = QRectF(inner.left(), inner.center().y() - 4.5, 10, 10)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme().storage_colour(letter))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 2.5, 2.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return inner.adjusted(16, 0, 0, 0)

    def _paint_bars(self, painter: QPainter, inner: QRectF, row: Row) -> None:
        bars = row.brief.bars if row.brief is not None else ()
        most = max(bars, default=0)
        if not most:
            return
        width = 7.0
        bottom, height = inner.bottom() - 5, ROW_HEIGHT - 11
        ground = QRectF(inner.left(), bottom, len(bars) * width - 1, 1.0)
        painter.fillRect(ground, theme().faint)
        for place, count in enumerate(bars):
            if count:
                tall = max(2.0, height * count / most)
                bar = QRectF(inner.left() + place * width, bottom - tall, width - 1, tall)
                painter.fillRect(bar, theme().text)
