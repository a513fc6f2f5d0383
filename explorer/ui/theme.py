"""The window's colours and typefaces, light and dark, and who tells when they change.

``theme()`` gives the colours in force; a widget that keeps any of them connects to
``appearance().changed`` and takes them anew. Painting code simply calls ``theme()`` each time.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from explorer.ui.resources import resource
from explorer.ui.theme_colours import DARK, LIGHT, Theme

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"

__all__ = ["DARK", "LIGHT", "Theme", "appearance", "mono_font", "theme", "ui_font"]

CHOICES = ("system", "light", "dark")

STYLE = "Fusion"


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
        """Dress the application, which has the style ``STYLE``, before the first window."""
        load_fonts()
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
    return QFont(_font(pixels, bold, code=False))


def mono_font(pixels: int = 13, *, bold: bool = False) -> QFont:
    """The face of code and of numbers, without ligatures: ``!=`` stays two characters."""
    return QFont(_font(pixels, bold, code=True))


@lru_cache(maxsize=64)
def _font(pixels: int, bold: bool, *, code: bool) -> QFont:
    """Made once: painting code asks for a font for each word that it draws."""
    font = QFont(MONO_FAMILY if code else UI_FAMILY)
    font.setPixelSize(pixels)
    weight = QFont.Weight
    font.setWeight(weight.Normal if not bold else weight.Bold if code else weight.DemiBold)
    if code:
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
        font.setFeature(QFont.Tag("calt"), 0)
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
    text = text.replace("@icons", resource("icons").as_posix())
    colours = theme.named()
    for name in sorted(colours, key=len, reverse=True):
        text = text.replace(f"@{name}", colours[name].name())
    return text
