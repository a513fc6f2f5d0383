"""The panes around the editor: docked, moved, tabbed, closed, brought back, kept between starts."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QTabBar,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.ui.icons import icon
from explorer.ui.pane_list import PANES, PaneSpec
from explorer.ui.session import Session
from explorer.ui.theme import ui_font
from explorer.ui.widgets.hair_line import HairLine

LAYOUT_VERSION = 1
MAKE_MS = 5
SMALLEST_PANE = (140, 70)
LEFT_SHARE = 0.325
"""Of the window's width, for the editor."""
TOP_SHARE, TOP_SHARE_LOW = 0.29, 0.36
"""Of the height, for what stands at the top; more of a low window, or hardly a row is seen."""
BELOW_SHARE = 0.22
LOWER_SHARE = 0.52
"""Of what is left of the height below the top, for what stands under the middle."""
TALL = 900
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
        self.seen = False
        """Whether it is on the screen, and not behind another tab."""
        self._room = QWidget(self)
        self._room.setMinimumSize(*SMALLEST_PANE)  # whatever the pane itself would like
        column = QVBoxLayout(self._room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(HairLine(self._room), 0, Qt.AlignmentFlag.AlignTop)
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

    def ensure_pane(self) -> QWidget:
        """The pane itself, made now if it was not there yet."""
        if self.pane is None:
            self.pane = self.spec.make(self._session)
            layout = self._room.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(self.pane, 1)
            self._room.setFocusProxy(self.pane)
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


class Docks(QObject):
    """All docks of one window."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        options = QMainWindow.DockOption
        window.setDockOptions(
            options.AnimatedDocks
            | options.AllowNestedDocks
            | options.AllowTabbedDocks
            | options.GroupedDragging
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner in (Qt.Corner.BottomRightCorner, Qt.Corner.TopRightCorner):
            window.setCorner(corner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.docks = {spec.name: Dock(spec, session, window) for spec in PANES}
        # Qt lays tabs anew in its own time; titles follow when it has done so.
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._fit_titles)
        # Panes are made one in a turn, when the window stands there and all else is in it.
        self._unmade: deque[Dock] = deque()
        self._maker = QTimer(self, interval=MAKE_MS)
        self._maker.timeout.connect(self._make_one)
        for dock in self.docks.values():
            dock.first_seen.connect(self._make_soon)
            dock.dockLocationChanged.connect(self._later.start)
            dock.topLevelChanged.connect(self._later.start)
            dock.visibilityChanged.connect(self._later.start)
        self._may_make = False

    def begin_making(self) -> None:
        """From now on panes are made, first those that are seen already."""
        self._may_make = True
        self._maker.start()

    def _make_soon(self, dock: Dock) -> None:
        self._unmade.append(dock)
        if self._may_make:
            self._maker.start()

    def _make_one(self) -> None:
        while self._unmade:
            dock = self._unmade.popleft()
            if dock.seen:  # and not only while the tabs were being arranged
                dock.ensure_pane()
                break
        if not self._unmade:
            self._maker.stop()

    @property
    def complete(self) -> bool:
        """Whether every pane that is seen is there."""
        return self._may_make and not any(dock.seen for dock in self._unmade)

    def __getitem__(self, name: str) -> Dock:
        return self.docks[name]

    def pane(self, name: str) -> QWidget:
        """A pane by its name, made now if nobody has seen it yet."""
        return self.docks[name].ensure_pane()

    def reveal(self, name: str) -> None:
        """Bring a pane before the others of its place."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()

    def reset(self) -> None:
        """Every pane where it stands at first."""
        right, below = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        for dock in self.docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        # Beside a dock that already has tabs Qt adds another tab: the first of each place go first.
        heads = {dock.spec.place: dock for dock in reversed(self.docks.values())}
        self._window.addDockWidget(right, heads["top"])
        self._window.addDockWidget(right, heads["middle"])
        self._window.splitDockWidget(heads["middle"], heads["right"], Qt.Orientation.Horizontal)
        self._window.addDockWidget(below, heads["below"])
        if self._is_tall():
            lower, down = heads["lower"], Qt.Orientation.Vertical
            self._window.splitDockWidget(heads["middle"], lower, down)
        else:
            heads["lower"] = heads["middle"]
        for dock in self.docks.values():
            head = heads[dock.spec.place]
            if dock is not head:
                self._window.tabifyDockWidget(head, dock)
            dock.setVisible(dock.spec.shown)
        for dock in heads.values():
            dock.raise_()
        self.share_room(self._window.width(), self._window.height())
        self._later.start()

    def _is_tall(self) -> bool:
        """Whether two panes have room one above the other in the middle."""
        return self._window.height() >= TALL

    def share_room(self, width: int, height: int) -> None:
        """Give each part its share of the window."""
        heads = {dock.spec.place: dock for dock in reversed(self.docks.values())}
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        right = round(width * (1 - LEFT_SHARE))
        top_share = TOP_SHARE if self._is_tall() else TOP_SHARE_LOW
        top, below = round(height * top_share), round(height * BELOW_SHARE)
        rest = height - top
        self._window.resizeDocks([heads["top"]], [right], across)
        self._window.resizeDocks([heads["middle"], heads["right"]], [right // 2] * 2, across)
        if self._is_tall():
            parts = [heads["top"], heads["middle"], heads["lower"]]
            lower = round(rest * LOWER_SHARE)
            self._window.resizeDocks(parts, [top, rest - lower, lower], down)
        else:
            self._window.resizeDocks([heads["top"], heads["middle"]], [top, rest], down)
        self._window.resizeDocks([heads["below"]], [below], down)

    def menu(self) -> QMenu:
        """A menu that shows and hides each pane."""
        menu = QMenu("&Panes", self._window)
        for dock in self.docks.values():
            menu.addAction(dock.toggleViewAction())
        return menu

    def state(self) -> QByteArray:
        """Where everything stands, to be kept."""
        return self._window.saveState(LAYOUT_VERSION)

    def restore(self, state: QByteArray) -> bool:
        """Put everything where it stood; False when the state is of no use."""
        done = self._window.restoreState(state, LAYOUT_VERSION)
        self._later.start()
        return done

    def _fit_titles(self) -> None:
        for dock in self.docks.values():
            tabbed = any(not other.isFloating() for other in self._window.tabifiedDockWidgets(dock))
            dock.fit_title(tabbed)
        for bar in self._window.findChildren(
            QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            bar.setExpanding(False)
            bar.setDrawBase(False)
            bar.setElideMode(Qt.TextElideMode.ElideRight)
