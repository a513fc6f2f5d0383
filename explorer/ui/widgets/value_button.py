"""A button that names a choice and, in bold, what was chosen: ``Device  CPU ▾``."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from explorer.ui.theme import theme, ui_font

PAD = 11
RADIUS = 5.0  # as the style sheet rounds every button
GAP = 5
WIDEST = 250


def paint_frame(painter: QPainter, button: QToolButton) -> None:
    """As the style sheet has it for buttons; asking the style for it would make all of
    ``QStyle``'s types before the first picture."""
    colours = theme()
    pressed, under = button.isDown(), button.underMouse() and button.isEnabled()
    fill = colours.selection if pressed else colours.panel if under else colours.background
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.accent if button.hasFocus() else colours.line, 1.0))
    painter.setBrush(fill)
    frame = QRectF(button.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(frame, RADIUS, RADIUS)


class ValueButton(QToolButton):
    """Opens its menu when it is pressed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._value = ""
        self._measured: tuple[int, int] | None = None
        self._short = False
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(name)

    @property
    def value(self) -> str:
        """What was chosen."""
        return self._value

    def set_value(self, value: str) -> None:
        """Say what was chosen."""
        if value != self._value:
            self._value = value
            self._measured = None
            self.setAccessibleName(f"{self._name}: {value}")
            self.updateGeometry()
            self.update()

    def set_short(self, short: bool) -> None:
        """Leave out the name, which the tip and a screen reader still tell."""
        if short != self._short:
            self._short = short
            self._measured = None
            self.updateGeometry()
            self.update()

    @property
    def _shown_name(self) -> str:
        return "" if self._short else self._name

    def _widths(self) -> tuple[int, int]:
        """Pixels of the name, with the gap behind it, and of the value."""
        if self._measured is None:
            plain = QFontMetrics(ui_font(13)).horizontalAdvance(self._shown_name)
            plain += GAP if plain else 0
            strong = QFontMetrics(ui_font(13, bold=True)).horizontalAdvance(f"{self._value} ▾")
            self._measured = plain, min(strong, WIDEST)
        return self._measured

    def sizeHint(self) -> QSize:
        plain, strong = self._widths()
        return QSize(plain + strong + 2 * PAD, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widths()[0] + 40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_frame(painter, self)
        plain, strong = self._widths()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        left = (self.width() - plain - strong) // 2
        left = max(left, PAD)
        painter.setPen(theme().text if self.isEnabled() else theme().faint)
        painter.setFont(ui_font(13))
        painter.drawText(QRect(left, 0, plain + 2, self.height()), middle, self._shown_name)
        font = ui_font(13, bold=True)
        painter.setFont(font)
        room = self.width() - left - plain - PAD // 2
        text = QFontMetrics(font).elidedText(f"{self._value} ▾", Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left + plain, 0, room, self.height()), middle, text)
        painter.end()
