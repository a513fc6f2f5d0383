"""Paints the cells of the tensor table: bold names, storage chips, small histograms."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from explorer.ui.tensors.row import Column, Row
from explorer.ui.tensors.table import ROW_ROLE
from explorer.ui.theme import mono_font, theme, ui_font

ROW_HEIGHT = 26
PAD = 7
_MONO = {Column.SHAPE, Column.DTYPE, Column.STRIDE, Column.OFFSET, Column.RANGE, Column.VERSION}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class TensorCells(QStyledItemDelegate):
    """One delegate for all columns."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        column = Column(index.column())
        text = str(index.data() or "")
        if column == Column.NAME:
            row = index.data(ROW_ROLE)
            note = f"  {row.relation}" if isinstance(row, Row) else ""
            width = QFontMetrics(ui_font(13, bold=True)).horizontalAdvance(text)
            width += QFontMetrics(ui_font(13)).horizontalAdvance(note)
        elif column == Column.VALUES:
            width = 64
        else:
            width = QFontMetrics(_font(column)).horizontalAdvance(text)
            width += 16 if column == Column.STORAGE else 0
        return QSize(width + 2 * PAD + 6, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        column = Column(index.column())
        rect: QRectF = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().selection)
        elif row.changed:
            painter.fillRect(rect, theme().current_line)
        if row.strength >= 0 and column == Column.NAME:
            painter.fillRect(rect, theme().diverging(max(row.strength, 0.15)))
        painter.setPen(theme().line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(PAD, 0, -2, -1)
        if column == Column.NAME:
            self._paint_name(painter, rect, inner, row)
        elif column == Column.STORAGE:
            self._paint_storage(painter, inner, row, str(index.data()))
        elif column == Column.VALUES:
            self._paint_bars(painter, inner, row)
        else:
            self._paint_text(painter, inner, column, str(index.data()))
        painter.restore()

    def _paint_name(self, painter: QPainter, rect: QRectF, inner: QRectF, row: Row) -> None:
        if row.changed:
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), theme().current)
        font = ui_font(13, bold=True)
        painter.setFont(font)
        painter.setPen(theme().text)
        metrics = QFontMetrics(font)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideLeft, round(inner.width()))
        painter.drawText(inner, _MIDDLE, name)
        if row.relation:
            painter.setFont(ui_font(13))
            painter.setPen(theme().muted)
            rest = inner.adjusted(metrics.horizontalAdvance(name) + 6, 0, 0, 0)
            note = QFontMetrics(painter.font()).elidedText(
                row.relation, Qt.TextElideMode.ElideRight, max(round(rest.width()), 0)
            )
            painter.drawText(rest, _MIDDLE, note)

    def _paint_storage(self, painter: QPainter, inner: QRectF, row: Row, text: str) -> None:
        if row.letter:
            box = QRectF(inner.left(), inner.center().y() - 4.5, 10, 10)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(theme().storage_colour(row.letter))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, 2.5, 2.5)
            inner = inner.adjusted(16, 0, 0, 0)
        painter.setPen(theme().text)
        self._paint_text(painter, inner, Column.STORAGE, text)

    def _paint_text(self, painter: QPainter, inner: QRectF, column: Column, text: str) -> None:
        quiet = text in ("–", "…", "empty", "not known") or (
            text == "0" and column in (Column.OFFSET, Column.VERSION)
        )
        bad = column == Column.RANGE and ("NaN" in text or "Inf" in text)
        painter.setPen(theme().error if bad else theme().muted if quiet else theme().text)
        font = _font(column)
        painter.setFont(font)
        shown = QFontMetrics(font).elidedText(
            text, Qt.TextElideMode.ElideRight, max(round(inner.width()), 0)
        )
        painter.drawText(inner, _MIDDLE, shown)

    def _paint_bars(self, painter: QPainter, inner: QRectF, row: Row) -> None:
        bars = row.brief.bars if row.brief is not None else ()
        if not bars or max(bars) == 0:
            return
        width = 7.0
        bottom, height = inner.bottom() - 5, ROW_HEIGHT - 11
        ground = QRectF(inner.left(), bottom, len(bars) * width - 1, 1.0)
        painter.fillRect(ground, theme().faint)
        for place, count in enumerate(bars):
            if count:
                tall = max(2.0, height * count / max(bars))
                bar = QRectF(inner.left() + place * width, bottom - tall, width - 1, tall)
                painter.fillRect(bar, theme().text)


def _font(column: Column) -> QFont:
    return mono_font(12) if column in _MONO else ui_font(13)
