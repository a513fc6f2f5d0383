"""What the graph pane offers about derivatives: keys, and the menu of a right click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from explorer.ui.graph.bar import GraphBar
from explorer.ui.graph.tints import GraphTints
from explorer.ui.session import Session
from explorer.ui.widgets.graph.view import GraphView


class GraphGestures(QObject):
    """Colours by derivatives or by the size of gradients; Escape shows the graph plain again."""

    def __init__(
        self,
        session: Session,
        tints: GraphTints,
        bar: GraphBar,
        view: GraphView,
        pane: QWidget,
    ) -> None:
        super().__init__(pane)
        self._session = session
        self._tints = tints
        self._bar = bar
        self._view = view
        bar.sizes_changed.connect(tints.set_by_size)
        view.installEventFilter(self)
        for keys, act in (
            ("D", tints.desk.depends_on),
            ("Shift+D", tints.desk.flows_to),
            ("G", bar.sizes.toggle),
        ):
            self._key(keys, act)

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self._view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: act())

    def menu(self) -> QMenu:
        """What can be asked of the tensor that is looked at."""
        desk, moment = self._tints.desk, self._session.moment
        name = moment.name or "the chosen tensor"
        cell = f"[{', '.join(map(str, moment.cell))}]" if moment.cell else ""
        menu = QMenu(self._view)
        menu.addAction(f"What {name}{cell} depends on\tD", desk.depends_on)
        menu.addAction(f"Where {name}{cell} flows\tShift+D", desk.flows_to)
        check = menu.addAction("Check its derivatives numerically")
        check.triggered.connect(lambda _=False: desk.check_wanted.emit(moment.cell is None))
        menu.addAction("Take the colours away\tEsc", self._clear)
        menu.addSeparator()
        menu.addAction(self._bar.sizes)
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._clear()
        elif isinstance(event, QContextMenuEvent):
            if event.reason() == QContextMenuEvent.Reason.Mouse:
                self._choose(QPointF(event.pos()))
            self.menu().popup(event.globalPos())
            return True
        return super().eventFilter(watched, event)

    def _choose(self, place: QPointF) -> None:
        """Look at what the right click was on."""
        box, _, _ = self._view.under(place)
        if box >= 0:
            self._view.choose_box(box)

    def _clear(self) -> None:
        self._tints.desk.clear()
        self._bar.sizes.setChecked(False)
