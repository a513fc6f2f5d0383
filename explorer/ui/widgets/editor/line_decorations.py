"""What an editor can be told to show beside and under its lines. Lines count from 1."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor


class Chip(NamedTuple):
    """A small box with a word, such as a tensor's name in its storage's colour."""

    text: str
    fill: QColor
    ink: QColor


class LineNote(NamedTuple):
    """Words at the right end of a line; ``role`` names a colour of the theme."""

    text: str
    chips: tuple[Chip, ...] = ()
    role: str = "muted"
    short: str = ""
    """Says less, where ``text`` has no room; empty when there is no shorter way."""

    def in_words(self) -> str:
        """The note as plain text."""
        return " ".join([*(chip.text for chip in self.chips), self.text]).strip()


class Squiggle(NamedTuple):
    """A wavy line under ``length`` characters; length 0 goes to the end of the line."""

    line: int
    column: int
    length: int
    message: str
    role: str = "error"


class ExecutionMark(NamedTuple):
    """The line that is being looked at; ``role`` is ``current`` or, where it raised, ``error``."""

    line: int
    role: str = "current"
