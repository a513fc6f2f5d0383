"""Paints over an editor what belongs to its lines: notes at the right, the mark in the gutter.

It lies above the editor's text, lets every click through, and knows of the editor only where its
lines stand.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from explorer.ui.theme import mono_font, theme
from explorer.ui.widgets.editor.code_editor import CODE_PIXELS, CodeEditor
from explorer.ui.widgets.editor.line_decorations import ExecutionMark, LineNote, Squiggle
from explorer.ui.widgets.laid_out import LaidOut

RIGHT_SPACE = 12.0
GAP = 7.0
ROOM = 24.0  # between the end of the code and the first letter of a note
MARK_X = 9.5  # middle of a breakpoint
WARNING_FROM = 11  # the right end of the gutter
FEWEST = 30.0  # pixels under which a note is left out


class LineOverlay(QWidget):
    """The notes and the execution mark of one editor."""

    def __init__(self, editor: CodeEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._editor = editor
        self._face: LaidOut | None = None
        self.notes: dict[int, LineNote] = {}
        self.execution: ExecutionMark | None = None
        self.squiggles: list[Squiggle] = []

    def show_notes(self, notes: dict[int, LineNote]) -> None:
        """Paint other notes; lines whose note stays are left alone, and the text with them."""
        before, self.notes = self.notes, notes
        for line in before.keys() | notes.keys():
            if before.get(line) != notes.get(line):
                self.update(self._editor.line_rect(line))

    def tip_at(self, y: float) -> str:
        """What is wrong with the line at a height; empty when nothing is."""
        for squiggle in self.squiggles:
            rect = self._editor.line_rect(squiggle.line)
            if rect.top() <= y <= rect.bottom():
                said = [one.message for one in self.squiggles if one.line == squiggle.line]
                return "\n\n".join(dict.fromkeys(said))
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._editor.visible_lines()
        marked = self.execution.line if self.execution else 0
        if self.execution is not None and first <= marked <= last:
            self._paint_execution(painter, self.execution)
        for line in self._editor.breakpoints():
            if first <= line <= last:
                self._paint_breakpoint(painter, line, hollow=line == marked)
        for squiggle in self.squiggles:
            if first <= squiggle.line <= last:
                self._paint_warning(painter, squiggle)
        for line in range(first, last + 1):
            note = self.notes.get(line)
            if note is not None and event.rect().intersects(self._editor.line_rect(line)):
                self._paint_note(painter, line, note)
        painter.end()

    def _pixels(self, smaller: int = 0) -> int:
        points = self._editor.zoom_level()
        return max(CODE_PIXELS - smaller + round(points * 96 / 72), 6)

    def _paint_execution(self, painter: QPainter, mark: ExecutionMark) -> None:
        rect = self._editor.line_rect(mark.line)
        gutter = QRect(rect.left(), rect.top(), self._editor.gutter_width(), rect.height())
        colour = theme().current if mark.role == "current" else theme().error
        painter.fillRect(gutter, execution_tint(mark.role))
        painter.setFont(mono_font(self._pixels(), bold=True))
        painter.setPen(colour)
        numbers = gutter.adjusted(0, 0, -13, 0)
        painter.drawText(
            numbers,
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            str(mark.line),
        )
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        x, y = MARK_X - 2.5, gutter.center().y() + 0.5
        painter.drawPolygon([QPointF(x, y - 3.5), QPointF(x, y + 3.5), QPointF(x + 5.5, y)])

    def _paint_breakpoint(self, painter: QPainter, line: int, *, hollow: bool) -> None:
        """A dot; a ring around the arrow on the line that is being looked at."""
        middle = self._editor.line_rect(line).center().y() + 0.5
        colour = theme().breakpoint
        painter.setPen(QPen(colour, 1.6) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
        radius = 6.5 if hollow else 4.5
        painter.drawEllipse(QPointF(MARK_X, middle), radius, radius)

    def _paint_warning(self, painter: QPainter, squiggle: Squiggle) -> None:
        """A small triangle between the number and the text."""
        rect = self._editor.line_rect(squiggle.line)
        x, y = self._editor.gutter_width() - WARNING_FROM, rect.center().y() + 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(getattr(theme(), squiggle.role))
        painter.drawPolygon([QPointF(x, y + 4), QPointF(x + 9, y + 4), QPointF(x + 4.5, y - 4.5)])

    def _paint_note(self, painter: QPainter, line: int, note: LineNote) -> None:
        rect = self._editor.line_rect(line)
        right = rect.right() - RIGHT_SPACE
        room = right - max(self._editor.line_end_x(line) + ROOM, 0)
        if room < FEWEST:
            return
        words = self._words()
        chips = list(note.chips)
        widths = [words.width(chip.text) + 10 for chip in chips]
        for_chips = sum(widths) + GAP * len(widths)
        text = fitting_words(note, words, room - for_chips)
        if not text and chips:
            for_chips -= GAP
        if for_chips > room or not (text or chips):
            return
        x = right - words.width(text) - for_chips
        middle, height = rect.center().y() + 0.5, words.height
        for chip, width in zip(chips, widths, strict=True):
            box = QRectF(x, middle - height / 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(chip.fill)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(chip.ink)
            words.draw(painter, box, chip.text, centred=True)
            x += width + GAP
        painter.setPen(getattr(theme(), note.role))
        place = QRectF(x, rect.top(), rect.right() - x, rect.height())
        words.draw(painter, place, text)

    def _words(self) -> LaidOut:
        """The face of notes, which grows and shrinks with the text."""
        pixels = self._pixels(1)
        if self._face is None or self._face.font.pixelSize() != pixels:
            self._face = LaidOut(mono_font(pixels))
        return self._face


def fitting_words(note: LineNote, words: LaidOut, room: float) -> str:
    """What of a note has room: all, the shorter wording, or nothing. Of an error as many words as
    there is room for, before its shorter wording."""
    said = note.text.split(" ")
    fewer = range(len(said) - 1, 0, -1) if note.role == "error" else ()
    for text in (
        note.text,
        *(" ".join(said[:count]).rstrip(",=") + " …" for count in fewer),
        note.short,
    ):
        if text and words.width(text) <= room:
            return text
    return ""


def execution_tint(role: str) -> QColor:
    """The background of the line that is being looked at."""
    if role == "current":
        return theme().current_line
    error, ground = theme().error, theme().background
    return QColor(
        *(round(0.14 * e + 0.86 * g) for e, g in zip(_rgb(error), _rgb(ground), strict=True))
    )


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
