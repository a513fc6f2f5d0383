"""One dock: the room of a pane, which is made when it is first seen, and the title above it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.ui.icons import icon
from explorer.ui.pane_list import PaneSpec
from explorer.ui.pane_room import PaneRoom
from explorer.ui.session import Session
from explorer.ui.theme import ui_font

GRIP = 14
"""Pixels of a title that are always left to take hold of."""


class Dock(QDockWidget):
    """A pane that is made when it is first seen."""

    first_seen = Signal(object)
    """This dock, when it is seen and its pane is not made yet."""
    pane_made = Signal(str, QWidget)
    """The dock's name and its pane, when that has been made."""

    def __init__(self, spec: PaneSpec, session: Session, parent: QMainWindow) -> None:
        super().__init__(spec.title, parent)
        self.setObjectName(spec.name)
        self.spec = spec
        self._session = session
        self.pane: QWidget | None = None
        self._made: QWidget | None = None
        self.seen = False
        """Whether it is on the screen, and not behind another tab."""
        self._room = PaneRoom(self)
        self.setWidget(self._room)
        self._title: DockTitle | None = None
        self._no_title = QWidget(self)
        self.setTitleBarWidget(self._no_title)
        self.hide()
        self.visibilityChanged.connect(self._seen)

    def _seen(self, visible: bool) -> None:
        self.seen = visible
        if visible and self.pane is None:
            self.first_seen.emit(self)

    def make_pane(self) -> bool:
        """Make the pane without putting it into its room yet; whether that was still to be done."""
        missing = self.pane is None and self._made is None
        if missing:
            self._made = self.spec.make(self._session)
            self._made.setParent(self._room)
        return missing

    def ensure_pane(self) -> QWidget:
        """The pane itself in its room, made now if it was not there yet."""
        if self.pane is None:
            self.make_pane()
            self.pane, self._made = self._made, None
            assert self.pane is not None
            self._room.take(self.pane)
            self._place_head()
            self.pane_made.emit(self.spec.name, self.pane)
        return self.pane

    def _place_head(self) -> None:
        """A pane's own row of tabs stands in the title, if there is one, else above the pane."""
        head = getattr(self.pane, "head", None)
        if self.pane is None or not isinstance(head, QWidget):
            return
        if self._title is not None and self.titleBarWidget() is self._title:
            self._title.take(head)
        else:
            self.give_head_back()

    def give_head_back(self) -> None:
        """Let the pane stand on its own, with its row of tabs."""
        head = getattr(self.pane, "head", None)
        column = self.pane.layout() if self.pane is not None else None
        if isinstance(head, QWidget) and isinstance(column, QVBoxLayout):
            column.insertWidget(0, head)
        if self._title is not None:
            self._title.let_go()

    def fit_title(self, tabbed: bool) -> None:
        """Behind a tab the title is on the tab; alone it stands above the pane."""
        alone = self.isFloating() or not tabbed
        if alone and self._title is None:
            self._title = DockTitle(self)
        wanted = self._title if alone and self._title is not None else self._no_title
        shown = self.titleBarWidget()
        if shown is not wanted:
            self.setTitleBarWidget(wanted)
            shown.hide()
            wanted.show()
            self._place_head()


class DockTitle(QWidget):
    """Drag it to move the pane, double-click it to let it float."""

    def __init__(self, dock: Dock) -> None:
        super().__init__(dock)
        self._dock = dock
        self.label = QLabel(dock.spec.title, self)
        self.label.setFont(ui_font(13, bold=True))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(11, 4, 6, 3)
        row.addWidget(self.label)
        self._grip = QWidget(self)
        self._grip.setMinimumWidth(GRIP)
        row.addWidget(self._grip, 1)
        self._buttons: list[QToolButton] = []
        for sign, tip, act in (
            ("external-link", "Let the pane float, or dock it again", self._float),
            ("x", "Close the pane (View menu brings it back)", dock.close),
        ):
            button = QToolButton(self)
            button.setObjectName("flat")
            button.setIcon(icon(sign, "faint"))
            button.setIconSize(QSize(13, 13))
            button.setToolTip(tip)
            button.setAccessibleName(f"{dock.spec.title}: {tip}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(act)
            row.addWidget(button)
            self._buttons.append(button)

    def take(self, head: QWidget) -> None:
        """Show a pane's own row of tabs in the place of the title; a double click still floats."""
        self.label.hide()
        self._buttons[0].hide()
        self._row.setContentsMargins(0, 0, 6, 0)
        self._row.setSpacing(0)
        self._row.setStretchFactor(self._grip, 0)
        self._row.insertWidget(0, head, 1)

    def let_go(self) -> None:
        """The row of tabs is back in its pane."""
        self._row.setContentsMargins(11, 4, 6, 3)
        self._row.setSpacing(-1)
        self._buttons[0].show()
        self._row.setStretchFactor(self._grip, 1)
        self.label.show()

    def _float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())
