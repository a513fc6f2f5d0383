"""The panes around the editor: docked, moved, tabbed, closed, brought back, kept between starts."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QMenu, QTabBar, QTabWidget, QWidget

from explorer.ui.desk import BELOW_SHARE, LEFT_SHARE
from explorer.ui.dock import Dock
from explorer.ui.pace import Pace
from explorer.ui.pane_list import PANES
from explorer.ui.session import Session

LAYOUT_VERSION = 1
TOP_SHARE, TOP_SHARE_LOW = 0.29, 0.36
"""Of the height, for what stands at the top; more of a low window, or hardly a row is seen."""
LOWER_SHARE = 0.52
"""Of what is left of the height below the top, for what stands under the middle."""
TALL = 900


class Docks(QObject):
    """All docks of one window."""

    filled = Signal()
    """Every pane that was to be seen is there."""

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
        self._session = session
        self.docks: dict[str, Dock] = {}
        # Qt lays tabs anew in its own time; titles follow when it has done so.
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._fit_titles)
        # Panes are made one in a turn, when the window stands there and all else is in it.
        self._unmade: deque[Dock] = deque()
        self._maker = Pace(self)
        self._maker.timeout.connect(self._make_one)
        self._may_make = False

    def make_some(self, count: int) -> bool:
        """Make that many of the docks that are missing; whether all are there."""
        made = len(self.docks)
        for spec in PANES[made : made + count]:
            dock = self.docks[spec.name] = Dock(spec, self._session, self._window)
            dock.first_seen.connect(self._make_soon)
            dock.dockLocationChanged.connect(self._later.start)
            dock.topLevelChanged.connect(self._later.start)
            dock.visibilityChanged.connect(self._later.start)
        return len(self.docks) == len(PANES)

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
            dock = self._unmade[0]
            if dock.seen and dock.make_pane():  # and not only while the tabs were being arranged
                return
            self._unmade.popleft()
            if dock.seen:
                dock.ensure_pane()
                break
        if not self._unmade:
            self._maker.stop()
            self.filled.emit()

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
        layout = self._window.layout()
        assert layout is not None
        layout.setEnabled(False)  # else all is laid out anew with each dock
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
        layout.setEnabled(True)
        layout.activate()
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
        if done and self._window.isVisible():
            # What has just come to a window that is shown gets its least size the first time.
            self._window.restoreState(state, LAYOUT_VERSION)
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
