"""The window's colours and typefaces, light and dark, and who tells when they change.

``theme()`` gives the colours in force; a widget that keeps any of them connects to
``appearance().changed`` and takes them anew. Painting code simply calls ``theme()`` each time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from explorer.ui.resources import resource
from explorer.ui.storage_colours import readable_on, storage_colour

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"

CHOICES = ("system", "light", "dark")


@dataclass(frozen=True)
class Theme:
    """Named colours. ``dark`` tells which of the two it is."""

    dark: bool
    background: QColor  # of panes and of the editor
    panel: QColor  # of what lies above or beside: headers, empty grid cells, tool tips
    line: QColor  # between panes, around buttons
    text: QColor
    muted: QColor  # text of second rank
    faint: QColor  # line numbers, what has not run yet
    accent: QColor  # the one accent: Run, the chosen tab, statement dots
    on_accent: QColor
    selection: QColor  # a chosen row
    text_selection: QColor  # chosen text
    current_line: QColor  # tint of the line, row or node that executes
    current: QColor  # its text and its frame
    changed: QColor  # fill of what this step changed
    warning: QColor
    error: QColor
    good: QColor
    breakpoint: QColor
    negative: QColor  # fill of the most negative cell; text stays readable on it
    neutral: QColor  # fill of zero
    positive: QColor
    negative_strong: QColor  # the same for pictures that carry no text
    neutral_strong: QColor
    positive_strong: QColor
    nan: QColor
    inf: QColor
    dropped: QColor
    keyword: QColor
    number: QColor
    string: QColor
    comment: QColor
    definition: QColor  # names after def and class, decorators

    def storage_colour(self, letter: str) -> QColor:
        """Colour of a storage letter, the same in both themes."""
        return storage_colour(letter)

    def on_storage(self, letter: str) -> QColor:
        """Text colour that can be read on ``storage_colour(letter)``."""
        return readable_on(storage_colour(letter))

    def diverging_rgb(
        self, values: NDArray[np.floating], *, strong: bool = False
    ) -> NDArray[np.uint8]:
        """Colours of values in -1 ... 1 (clipped), zero neutral; NaN in its own colour.

        Args:
            values: any shape.
            strong: full colours, for pictures on which no text is drawn.

        Returns:
            shape ``values.shape + (3,)``, red green blue.
        """
        ends = (
            (self.negative_strong, self.neutral_strong, self.positive_strong)
            if strong
            else (self.negative, self.neutral, self.positive)
        )
        table = np.array([_rgb(colour) for colour in ends], dtype=np.float32)
        t = np.clip(np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=-1.0), -1, 1)
        weight = np.abs(t)[..., None].astype(np.float32)
        end = np.where((t < 0)[..., None], table[0], table[2])
        colours: NDArray[np.uint8] = (table[1] + (end - table[1]) * weight + 0.5).astype(np.uint8)
        colours[np.isnan(values)] = _rgb(self.nan)
        colours[np.isinf(values)] = _rgb(self.inf)
        return colours

    def diverging(self, value: float, *, strong: bool = False) -> QColor:
        """``diverging_rgb`` of one value."""
        red, green, blue = self.diverging_rgb(np.array(value, dtype=np.float64), strong=strong)
        return QColor(int(red), int(green), int(blue))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _theme(dark: bool, **colours: str) -> Theme:
    return Theme(dark=dark, **{name: QColor(code) for name, code in colours.items()})


LIGHT = _theme(
    dark=False,
    background="#ffffff",
    panel="#f6f7f9",
    line="#dfe3e8",
    text="#1d2530",
    muted="#626d7a",
    faint="#9aa5b1",
    accent="#2457d6",
    on_accent="#ffffff",
    selection="#e8eefc",
    text_selection="#cfdcf8",
    current_line="#fff4df",
    current="#a86200",
    changed="#f3b98f",
    warning="#a86200",
    error="#c62828",
    good="#00795a",
    breakpoint="#d43a3a",
    negative="#8fbfe3",
    neutral="#eef3f8",
    positive="#f3b98f",
    negative_strong="#0072b2",
    neutral_strong="#f4f5f7",
    positive_strong="#d55e00",
    nan="#d48ad6",
    inf="#f0dc52",
    dropped="#dfe3e8",
    keyword="#8a2fc0",
    number="#0a6fd0",
    string="#2a7a2a",
    comment="#7b8794",
    definition="#a03c00",
)

DARK = _theme(
    dark=True,
    background="#15181d",
    panel="#1d2127",
    line="#31373f",
    text="#e2e7ed",
    muted="#9aa5b3",
    faint="#697482",
    accent="#5b8dff",
    on_accent="#0b1430",
    selection="#22304f",
    text_selection="#2f4675",
    current_line="#33290f",
    current="#f0ad43",
    changed="#84461a",
    warning="#f0ad43",
    error="#ff7b72",
    good="#4cc79e",
    breakpoint="#f0625c",
    negative="#2a5f8f",
    neutral="#232931",
    positive="#84461a",
    negative_strong="#4aa8e8",
    neutral_strong="#1d2127",
    positive_strong="#f0792a",
    nan="#8e4891",
    inf="#6e610a",
    dropped="#31373f",
    keyword="#c99af2",
    number="#7db8ff",
    string="#8fd08a",
    comment="#828d9b",
    definition="#f2a86b",
)


class Appearance(QObject):
    """Holds the theme in force; follows the system unless told otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice = "system"
        self._theme = LIGHT

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def choice(self) -> str:
        """``system``, ``light`` or ``dark``: what the user asked for."""
        return self._choice

    def install(self, application: QApplication, choice: str) -> None:
        """Dress the application, once, before the first window is made."""
        load_fonts()
        application.setStyle("Fusion")
        application.setFont(ui_font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self._choice = choice
        self._theme = self._wanted()
        self._dress()

    def choose(self, choice: str) -> None:
        """Set ``system``, ``light`` or ``dark``.

        Raises:
            ValueError: for any other word.
        """
        if choice not in CHOICES:
            raise ValueError(f"A theme is one of {', '.join(CHOICES)}, not {choice!r}.")
        self._choice = choice
        self._follow()

    def _wanted(self) -> Theme:
        if self._choice == "system":
            scheme = QGuiApplication.styleHints().colorScheme()
            return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self._theme:
            self._theme = wanted
            self._dress()
            self.changed.emit()

    def _dress(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(self._theme))
            application.setStyleSheet(style_sheet(self._theme))


_APPEARANCE = Appearance()


def appearance() -> Appearance:
    """The one appearance of this process; ``appearance().changed`` tells of a new theme."""
    return _APPEARANCE


def theme() -> Theme:
    """The colours in force."""
    return _APPEARANCE.theme


def load_fonts() -> None:
    """Make the bundled typefaces known to Qt (a missing file leaves the system's own)."""
    for file in sorted(resource("fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def ui_font(pixels: int = 13, *, bold: bool = False) -> QFont:
    """The face of words; ``pixels`` are device-independent."""
    return _font(UI_FAMILY, pixels, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)


def mono_font(pixels: int = 13, *, bold: bool = False) -> QFont:
    """The face of code and of numbers, without ligatures: ``!=`` stays two characters."""
    font = _font(MONO_FAMILY, pixels, QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _font(family: str, pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def palette(theme: Theme) -> QPalette:
    """Qt's own roles in our colours, for every standard widget."""
    role = QPalette.ColorRole
    made = QPalette()
    for name, colour in (
        (role.Window, theme.background),
        (role.WindowText, theme.text),
        (role.Base, theme.background),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Button, theme.background),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.panel),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.text_selection),
        (role.HighlightedText, theme.text),
        (role.Link, theme.accent),
        (role.Accent, theme.accent),
        (role.Mid, theme.line),
        (role.Dark, theme.line),
        (role.Light, theme.panel),
    ):
        made.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, theme.faint)
    return made


def style_sheet(theme: Theme) -> str:
    """``resources/themes/window.qss`` with each ``@name`` replaced by the theme's colour."""
    text = resource("themes", "window.qss").read_text(encoding="utf-8")
    names = sorted((f.name for f in fields(theme) if f.name != "dark"), key=len, reverse=True)
    for name in names:
        text = text.replace(f"@{name}", getattr(theme, name).name())
    return text
