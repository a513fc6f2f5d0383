"""What is under the pointer lights up in grid, strip and table together."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.layout import LayoutPane
from explorer.ui.panes.values import ValuesPane
from explorer.ui.theme import theme
from explorer.ui.values.grid_tab import GridTab
from tests.ui.running import running, step_on

PROGRAM = """\
import torch
x = torch.arange(12.0).view(3, 4)
d = x.t()
wide = x[0].expand(3, 4)
other = torch.zeros(2)
"""


def hover(widget: QWidget, place: QPoint) -> None:
    """Without a screen no pointer moves; the event is the same."""
    none = Qt.MouseButton.NoButton
    where = place.toPointF()
    kind = QEvent.Type.MouseMove
    globally = widget.mapToGlobal(where)
    no_key = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, where, globally, none, none, no_key))


def test_a_cell_under_the_pointer_lights_up_everywhere(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        values, layout = ValuesPane(session), LayoutPane(session)
        for pane in (values, layout):
            qtbot.addWidget(pane)
            pane.resize(600, 420)
            pane.show()
        session.look(Moment(step=step_on(session, 4), name="d"))
        tab = values.tab
        assert isinstance(tab, GridTab)
        qtbot.waitUntil(lambda: tab.grid.region().rows == 4)
        hover(tab.grid.viewport(), tab.grid.cell_rect(2, 1).center())
        qtbot.waitUntil(lambda: layout.strip.hovered == 6)
        assert layout.sum.accessibleName().startswith("d[2, 1] → offset 0 + 2·1 + 1·4 = 6")
        assert tab.lights.lit == [(2, 1)]
        lit = [
            layout.sharers.index(row, 0).data(0x8)  # the background's role
            for row in range(layout.sharers.rowCount())
        ]
        titles = [layout.sharers.index(row, 0).data() for row in range(len(lit))]
        told = dict(zip(titles, lit, strict=True))
        assert told["x"] == theme().current_line and told["wide"] is None
        layout.grab()
        values.grab()


def test_a_place_of_the_strip_lights_up_every_cell(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        values, layout = ValuesPane(session), LayoutPane(session)
        for pane in (values, layout):
            qtbot.addWidget(pane)
            pane.resize(600, 420)
            pane.show()
        session.look(Moment(step=step_on(session, 4), name="wide"))
        tab = values.tab
        assert isinstance(tab, GridTab)
        qtbot.waitUntil(lambda: tab.grid.region().rows == 3)
        strip = layout.strip
        room = strip.viewport().rect()
        points = [
            QPoint(x, y) for y in range(0, room.height(), 3) for x in range(0, room.width(), 5)
        ]
        place = next(one for one in points if strip.cell_at(one.toPointF()) == 2)
        hover(strip.viewport(), place)
        qtbot.waitUntil(lambda: tab.lights.lit == [(0, 2), (1, 2), (2, 2)])
        session.look(
            session.moment.on_tensor(
                session.recording.tensor_named(session.moment.step, "other"), "other"
            )
        )
        assert tab.lights.lit == []
