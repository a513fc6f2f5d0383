"""The bits of one number: sign, exponent and fraction in colours, and the value they spell."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.values.bits import BitsOfNumber
from explorer.ui.theme import Theme, appearance, mono_font, theme, ui_font

EDGE, CELL_MOST, CELL_LEAST, CELL_HEIGHT = 12, 26, 11, 30
LINE = 19


def role_colour(role: str, colours: Theme) -> QColor:
    """Fill of the bits of a role."""
    return {
        "sign": colours.negative,
        "exponent": colours.positive,
        "fraction": colours.selection,
        "integer": colours.selection,
    }.get(role, colours.neutral)


class BitsView(QWidget):
    """Draws numbers taken apart, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._numbers: tuple[BitsOfNumber, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Bits")
        appearance().changed.connect(self.update)

    def show_number(self, title: str, numbers: tuple[BitsOfNumber, ...]) -> None:
        """Draw other numbers under a title such as ``d[2, 1]``."""
        self._title, self._numbers = title, numbers
        told = [f"{one.title} {one.hex}: {one.formula} = {one.exact}".strip() for one in numbers]
        self.setAccessibleDescription(f"{title}: " + "; ".join(told) if told else "")
        self.setMinimumHeight(EDGE * 2 + LINE * 2 + len(numbers) * (CELL_HEIGHT + LINE * 5))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 220)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = float(EDGE)
        painter.setFont(mono_font(13, bold=True))
        painter.setPen(theme().text)
        painter.drawText(QPointF(EDGE, y + 13), self._title)
        y += LINE + 8
        for number in self._numbers:
            y = self._paint_number(painter, number, y)

    def _paint_number(self, painter: QPainter, number: BitsOfNumber, y: float) -> float:
        if number.title:
            painter.setFont(ui_font(12, bold=True))
            painter.setPen(theme().muted)
            painter.drawText(QPointF(EDGE, y + 12), number.title)
            y += LINE
        y = self._paint_bits(painter, number, y)
        painter.setFont(mono_font(13))
        painter.setPen(theme().text)
        y = self._write(painter, f"{number.hex}  =  {number.formula}", y + 6)
        painter.setPen(theme().current)
        return self._write(painter, f"= {number.exact}", y) + 12

    def _paint_bits(self, painter: QPainter, number: BitsOfNumber, y: float) -> float:
        bits = sum(len(field.bits) for field in number.fields)
        gaps = 8 * (len(number.fields) - 1)
        cell = min(max((self.width() - 2 * EDGE - gaps) / max(bits, 1), CELL_LEAST), CELL_MOST)
        x = float(EDGE)
        for field in number.fields:
            left = x
            painter.setFont(mono_font(13 if cell > 14 else 11))
            for bit in field.bits:
                if x + cell > self.width() - 2 and x > EDGE:
                    x, y = float(EDGE), y + CELL_HEIGHT
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(role_colour(field.role, theme()))
                painter.drawRoundedRect(QRectF(x, y, cell - 1.5, CELL_HEIGHT - 6), 3, 3)
                painter.setPen(theme().text if bit == "1" else theme().muted)
                box = QRectF(x, y, cell - 1.5, CELL_HEIGHT - 6)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, bit)
                x += cell
            self._paint_meaning(painter, field.role, field.meaning, (left, x), y)
            x += 8
        return y + CELL_HEIGHT + 2 * LINE - 10

    def _paint_meaning(
        self, painter: QPainter, role: str, meaning: str, span: tuple[float, float], y: float
    ) -> None:
        """The role and what it says, under the middle of its bits; a lone bit's to the right."""
        painter.setFont(ui_font(11))
        metrics = QFontMetrics(ui_font(11))
        left, right = span
        first = role != "plain"
        for at, words in enumerate((role if first else "", meaning)):
            wide = metrics.horizontalAdvance(words)
            x = max(left, (left + right - wide) / 2) if right - left >= wide else left
            if role == "sign" and at == 1:
                continue  # too long for one bit; the role and the bit say it
            painter.setPen(theme().muted if at else theme().faint)
            painter.drawText(QPointF(x, y + CELL_HEIGHT + 8 + at * 15), words)

    def _write(self, painter: QPainter, text: str, y: float) -> float:
        """Text from the left edge, wrapped anywhere; returns where the next line begins."""
        per_line = max(
            int((self.width() - 2 * EDGE) / painter.fontMetrics().horizontalAdvance("0")), 8
        )
        for start in range(0, min(len(text), per_line * 24), per_line):
            painter.drawText(QPointF(EDGE, y + 13), text[start : start + per_line])
            y += LINE
        return y
