"""Colours Python in a QTextDocument."""

from __future__ import annotations

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from explorer.ui.theme import theme
from explorer.ui.widgets.editor.python_colours import Ink, colour_line

MOST_LINES = 5000
"""Qt colours a whole document in one go; longer ones would stop the window and stay plain."""


class PlainColouring(QSyntaxHighlighter):
    """Qt's highlighter with our colours. Qt counts in UTF-16 units."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.take_theme()

    def take_theme(self) -> None:
        """Colours of the theme in force, for the text that is there and that will be."""
        names = {
            Ink.KEYWORD: theme().keyword,
            Ink.NUMBER: theme().number,
            Ink.STRING: theme().string,
            Ink.COMMENT: theme().comment,
            Ink.DEFINITION: theme().definition,
        }
        self._formats = {}
        for ink, colour in names.items():
            self._formats[ink] = QTextCharFormat()
            self._formats[ink].setForeground(colour)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if self.document().blockCount() > MOST_LINES:
            return
        spans, state = colour_line(text, max(self.previousBlockState(), 0))
        self.setCurrentBlockState(state)
        wide = not text.isascii()
        place = units = 0
        for length, ink in spans:
            piece = text[place : place + length]
            width = len(piece.encode("utf-16-le", "surrogatepass")) // 2 if wide else length
            if ink in self._formats:
                self.setFormat(units, width, self._formats[ink])
            place += length
            units += width
