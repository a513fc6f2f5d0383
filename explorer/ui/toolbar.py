"""The row above everything: run, step, where one is, interpreter and device."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from explorer.ui.actions import Actions
from explorer.ui.icons import icon
from explorer.ui.theme import theme
from explorer.ui.widgets.value_button import ValueButton, paint_frame

NOTE_MS = 6000
NARROW = 1150
"""Pixels under which arrows do without words."""
ARROW_GAP = 4
ROOMY = 1400
"""Pixels under which the names of the choices at the right make room for the sentence."""


class ElidedLabel(QLabel):
    """One line that is cut at its right end where it does not fit; the tip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.role = "muted"
        self._said = ""

    def text(self) -> str:
        return self._said

    def sizeHint(self) -> QSize:
        return QSize(0, QFontMetrics(self.font()).height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def say(self, text: str, role: str) -> None:
        """Show a text in a colour of the theme."""
        self.role, self._said = role, text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()  # a text of Qt's own would lay out the whole window anew

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(getattr(theme(), self.role))
        text = QFontMetrics(self.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - 4
        )
        painter.drawText(
            self.rect().adjusted(2, 0, -2, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            text,
        )
        painter.end()


class ArrowBehind(QToolButton):
    """A word and then its icon; laid out from right to left, Qt would draw them far apart."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_frame(painter, self)
        plain = self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        word = self.text() if plain else ""
        wide = QFontMetrics(self.font()).horizontalAdvance(word) + ARROW_GAP if word else 0
        size = self.iconSize()
        left = (self.width() - wide - size.width()) // 2
        painter.setPen(theme().text if self.isEnabled() else theme().faint)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, wide, self.height()), middle, word)
        place = QRect(QPoint(left + wide, (self.height() - size.height()) // 2), size)
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        self.icon().paint(painter, place, mode=mode)
        painter.end()


class Toolbar(QToolBar):
    """Shows sentences for a while, and between them where the moment is."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__("Run and step", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(14, 14))
        self._place = ""
        self._place_role = "muted"
        self.label = ElidedLabel(self)
        self._note_timer = QTimer(self, interval=NOTE_MS, singleShot=True)
        self._note_timer.timeout.connect(self._show_place)
        run = self._button(actions, "run", "Run")
        run.setObjectName("run")
        run.setIcon(icon("player-play", "on_accent"))
        self._button(actions, "live", "Live")
        self._button(actions, "stop", "Stop")
        self.addSeparator()
        self._button(actions, "to_start", "")
        back = self._button(actions, "back", "Back")
        step = self._button(actions, "forward", "Step", ArrowBehind(self))
        self.backward = self._button(actions, "into_backward", "Into backward")
        self._button(actions, "to_end", "")
        self._worded = (back, step)
        self.addWidget(self.label)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.label.setMinimumWidth(40)

    def _button(
        self, actions: Actions, name: str, text: str, button: QToolButton | None = None
    ) -> QToolButton:
        button = button or QToolButton(self)
        action = actions[name]
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if text
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        button.setText(text)
        button.setIcon(action.icon())
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.toolTip())
        button.setEnabled(action.isEnabled())
        button.clicked.connect(action.trigger)
        if action.isCheckable():
            button.setCheckable(True)
            action.toggled.connect(button.setChecked)
            button.clicked.connect(lambda: button.setChecked(action.isChecked()))
        action.enabledChanged.connect(button.setEnabled)
        self.addWidget(button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in self.findChildren(ValueButton):
            button.set_short(self.width() < ROOMY)
        styles = Qt.ToolButtonStyle
        for worded in self._worded:
            narrow = self.width() < NARROW
            worded.setToolButtonStyle(
                styles.ToolButtonIconOnly if narrow else styles.ToolButtonTextBesideIcon
            )

    def show_place(self, text: str, role: str = "muted") -> None:
        """Where the moment is, or what the window is waiting for."""
        self._place, self._place_role = text, role
        if not self._note_timer.isActive():
            self._show_place()

    def note(self, sentence: str) -> None:
        """Say a sentence for a few seconds."""
        self.label.say(sentence, "warning")
        self._note_timer.start()

    def end_note(self) -> None:
        """The user has gone on: back to where the moment is."""
        if self._note_timer.isActive():
            self._note_timer.stop()
            self._show_place()

    def _show_place(self) -> None:
        self.label.say(self._place, self._place_role)
