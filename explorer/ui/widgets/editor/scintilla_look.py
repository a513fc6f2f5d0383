"""How a Scintilla editor is set up: margins, markers, indicators, colours.

Scintilla counts colours as blue-green-red numbers and sizes in points.
"""

from __future__ import annotations

from PySide6.QtGui import QColor
from pyside6_scintilla import Scintilla, ScintillaEdit

from explorer.ui.theme import MONO_FAMILY, theme
from explorer.ui.widgets.editor.code_editor import CODE_PIXELS
from explorer.ui.widgets.editor.line_overlay import execution_tint
from explorer.ui.widgets.editor.python_colours import Ink

SYMBOL_MARGIN, NUMBER_MARGIN, GAP_MARGIN = 0, 1, 2
BREAKPOINT_MARK, CURRENT_MARK, ERROR_MARK = 1, 2, 3
ERROR_WAVE, WARNING_WAVE, MATCH_BOX = 8, 9, 10
WAVES = {"error": ERROR_WAVE, "warning": WARNING_WAVE}

_STYLE_DEFAULT, _STYLE_LINE_NUMBER = 32, 33
_SYMBOL_WIDTH, _GAP_WIDTH = 18, 13
_STRONG = 0xFF000000  # the part of an element's colour that says it is not transparent


def bgr(colour: QColor) -> int:
    """Scintilla's number for a colour."""
    return colour.red() | colour.green() << 8 | colour.blue() << 16


def set_up(edit: ScintillaEdit) -> None:
    """All that does not depend on the theme."""
    edit.setCodePage(Scintilla.CpUtf8)
    edit.setTabWidth(4)
    edit.setIndent(4)
    edit.setUseTabs(False)
    edit.setTabIndents(True)
    edit.setBackSpaceUnIndents(True)
    edit.setEOLMode(Scintilla.EndOfLine.Lf)
    edit.setPasteConvertEndings(True)
    edit.setScrollWidthTracking(True)
    edit.setScrollWidth(1)
    edit.setEndAtLastLine(True)
    edit.setExtraAscent(3)
    edit.setExtraDescent(3)
    edit.setIdleStyling(Scintilla.IdleStyling.All)
    edit.setMultipleSelection(True)
    edit.setAdditionalSelectionTyping(True)
    edit.usePopUp(Scintilla.PopUp.Never)
    edit.setCaretPeriod(530)
    edit.setYCaretPolicy(Scintilla.CaretPolicy.Slop | Scintilla.CaretPolicy.Even, 2)
    edit.setModEventMask(
        Scintilla.ModificationFlags.InsertText | Scintilla.ModificationFlags.DeleteText
    )
    _set_up_margins(edit)
    # The mark only follows its line; the overlay paints it.
    edit.markerDefine(BREAKPOINT_MARK, Scintilla.MarkerSymbol.Empty)
    for mark in (CURRENT_MARK, ERROR_MARK):
        edit.markerDefine(mark, Scintilla.MarkerSymbol.Background)
    for wave in WAVES.values():
        edit.indicSetStyle(wave, Scintilla.IndicatorStyle.SquigglePixmap)
    edit.indicSetStyle(MATCH_BOX, Scintilla.IndicatorStyle.StraightBox)
    edit.indicSetUnder(MATCH_BOX, True)
    for key in (ord("D"), ord("L"), ord("T"), ord("U")):  # they are the window's own
        edit.clearCmdKey(key | Scintilla.KeyMod.Ctrl << 16)


def _set_up_margins(edit: ScintillaEdit) -> None:
    edit.setMargins(3)
    edit.setMarginTypeN(SYMBOL_MARGIN, Scintilla.MarginType.Symbol)
    edit.setMarginWidthN(SYMBOL_MARGIN, _SYMBOL_WIDTH)
    edit.setMarginTypeN(NUMBER_MARGIN, Scintilla.MarginType.Number)
    edit.setMarginTypeN(GAP_MARGIN, Scintilla.MarginType.Back)
    edit.setMarginWidthN(GAP_MARGIN, _GAP_WIDTH)
    for margin in range(3):
        edit.setMarginMaskN(margin, 0)
    for margin in (SYMBOL_MARGIN, NUMBER_MARGIN):
        edit.setMarginSensitiveN(margin, True)
        edit.setMarginCursorN(margin, Scintilla.CursorShape.Arrow)
    edit.setMarginLeft(0)


def fit_numbers(edit: ScintillaEdit) -> None:
    """Make the margin as wide as the largest line number needs."""
    digits = max(len(str(edit.lineCount())), 2)
    width = edit.textWidth(_STYLE_LINE_NUMBER, "9" * digits) + 4
    if edit.marginWidthN(NUMBER_MARGIN) != width:
        edit.setMarginWidthN(NUMBER_MARGIN, width)


def dress(edit: ScintillaEdit) -> None:
    """Colours and letters, by the theme in force."""
    colours = theme()
    edit.styleSetFont(_STYLE_DEFAULT, MONO_FAMILY)
    edit.styleSetSizeFractional(_STYLE_DEFAULT, round(CODE_PIXELS * 72 / edit.logicalDpiY() * 100))
    edit.styleSetFore(_STYLE_DEFAULT, bgr(colours.text))
    edit.styleSetBack(_STYLE_DEFAULT, bgr(colours.background))
    edit.styleClearAll()
    for ink, colour in (
        (Ink.KEYWORD, colours.keyword),
        (Ink.NUMBER, colours.number),
        (Ink.STRING, colours.string),
        (Ink.COMMENT, colours.comment),
        (Ink.DEFINITION, colours.definition),
    ):
        edit.styleSetFore(ink, bgr(colour))
    edit.styleSetFore(_STYLE_LINE_NUMBER, bgr(colours.faint))
    edit.styleSetBack(_STYLE_LINE_NUMBER, bgr(colours.background))
    edit.setMarginBackN(GAP_MARGIN, bgr(colours.background))
    edit.setFoldMarginColour(True, bgr(colours.background))
    edit.setFoldMarginHiColour(True, bgr(colours.background))
    element = Scintilla.Element
    for part in (element.SelectionBack, element.SelectionInactiveBack):
        edit.setElementColour(part, bgr(colours.text_selection) | _STRONG)
    edit.setElementColour(element.Caret, bgr(colours.text) | _STRONG)
    edit.setElementColour(element.WhiteSpace, bgr(colours.faint) | _STRONG)
    edit.markerSetBack(CURRENT_MARK, bgr(execution_tint("current")))
    edit.markerSetBack(ERROR_MARK, bgr(execution_tint("error")))
    edit.indicSetFore(ERROR_WAVE, bgr(colours.error))
    edit.indicSetFore(WARNING_WAVE, bgr(colours.warning))
    edit.indicSetFore(MATCH_BOX, bgr(colours.current))
    edit.indicSetAlpha(MATCH_BOX, 60)
    edit.indicSetOutlineAlpha(MATCH_BOX, 160)
    fit_numbers(edit)
