"""Colours Python in a Scintilla editor when Scintilla asks for it, line by line."""

from __future__ import annotations

from pyside6_scintilla import ScintillaEdit

from explorer.ui.widgets.editor.python_colours import Span, colour_line

MOST_LINES = 400  # in one go, which is some 6 ms; Scintilla asks for the rest when it is idle


def style_to(edit: ScintillaEdit, end: int) -> None:
    """Style whole lines from where the styled part ends towards position ``end``.

    The state between lines (an open triple quote) is kept in Scintilla's own line states.
    """
    line = edit.lineFromPosition(edit.endStyled())
    state = edit.lineState(line - 1) if line else 0
    edit.startStyling(edit.positionFromLine(line), 0)
    last = min(edit.lineFromPosition(end), line + MOST_LINES)
    for number in range(line, last + 1):
        raw = bytes(edit.getLine(number).data())
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        spans, state = colour_line(text, state)
        edit.setLineState(number, state)
        edit.setStylingEx(len(raw), _style_text(text, spans).ljust(len(raw), "\0"))


def _style_text(text: str, spans: list[Span]) -> str:
    """One character, whose code is the style, for each byte of the text in UTF-8."""
    if text.isascii():
        return "".join(chr(ink) * length for length, ink in spans)
    made, place = [], 0
    for length, ink in spans:
        made.append(chr(ink) * len(text[place : place + length].encode("utf-8", "replace")))
        place += length
    return "".join(made)
