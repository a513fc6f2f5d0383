"""Icons: one-colour SVG files, painted in the colour of the text they stand beside."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from explorer.ui.resources import resource
from explorer.ui.theme import theme


def icon(name: str, role: str = "text") -> QIcon:
    """The icon ``resources/icons/NAME.svg``, painted in ``theme().ROLE`` at every size.

    It follows a change of theme by itself: the colour is taken when it is painted.

    Raises:
        FileNotFoundError: if there is no such icon.
    """
    file = resource("icons", f"{name}.svg")
    return QIcon(_TintedIcon(file.read_text(encoding="utf-8"), role))


class _TintedIcon(QIconEngine):
    """Paints an SVG whose strokes are ``currentColor`` in a colour of the theme."""

    def __init__(self, svg: str, role: str) -> None:
        super().__init__()
        self._svg = svg
        self._role = role
        self._renderers: dict[str, QSvgRenderer] = {}

    def clone(self) -> QIconEngine:
        return _TintedIcon(self._svg, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "accent" if state == QIcon.State.On else self._role
        colour = theme().faint if mode == QIcon.Mode.Disabled else getattr(theme(), role)
        self._renderer(colour).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        made = QPixmap(size * scale)
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def _renderer(self, colour: QColor) -> QSvgRenderer:
        code = colour.name()
        if code not in self._renderers:
            svg = self._svg.replace("currentColor", code)
            self._renderers[code] = QSvgRenderer(QByteArray(svg.encode()))
        return self._renderers[code]
