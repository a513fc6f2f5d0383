"""What an editor can be told to show beside and under its lines. Lines count from 1."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True)
class Chip:
    """A small box with a word, such as a tensor's name in its storage's colour."""

    text: str
    fill: QColor
    ink: QColor


@dataclass(frozen=True)
class LineNote:
    """Words at the right end of a line; ``role`` names a colour of the theme."""

    text: str
    chips: tuple[Chip, ...] = ()
    role: str = "muted"

    def in_words(self) -> str:
        """The note as plain text."""
        return " ".join([*(chip.text for chip in self.chips), self.text]).strip()


@dataclass(frozen=True)
class Squiggle:
    """A wavy line under ``length`` characters; length 0 goes to the end of the line."""

    line: int
    column: int
    length: int
    message: str
    role: str = "error"


@dataclass(frozen=True)
class ExecutionMark:
    """The line that is being looked at; ``role`` is ``current`` or, where it raised, ``error``."""

    line: int
    role: str = "current"
