"""A values pane over a real program, and short words for looking at it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.model.numbers import TextStyle
from explorer.ui.panes.values import TABS, ValuesPane
from explorer.ui.session import Session
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.tab import ValuesTab
from tests.ui.running import step_on

PROGRAM = """\
import torch as t
x = t.ones(3, 4, requires_grad=True)
d = x.detach().t()
d[0] *= 10
y = (x * x).sum()
y.backward()
a = t.arange(60000.).view(200, 300)
a[5, 7] = float("nan")
im = t.rand(8, 3, 32, 48)
s = t.eye(5).to_sparse()
z = t.tensor([1 + 2j, 3j]).conj()
e = t.zeros(0, 3)
m = t.zeros(2, device="meta")
k = t.arange(24).view(2, 3, 4)
big = t.zeros(1).expand(2**40, 2**20)
v = t.sin(t.arange(5000.))
import os
pid = t.tensor([os.getpid()])
"""
LAST = 18


class Bench:
    """A pane over the run, and short words for looking."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot = qtbot
        self.session = session
        self.pane = ValuesPane(session)
        qtbot.addWidget(self.pane)
        self.pane.resize(640, 460)
        self.pane.show()

    def look(self, line: int, name: str, cell: tuple[int, ...] | None = None) -> None:
        step = step_on(self.session, line)
        self.session.look(Moment(step, name=name, cell=cell))

    def open(self, kind: type[ValuesTab]) -> ValuesTab:
        self.pane.tabs.setCurrentIndex([made for _, made in TABS].index(kind))
        tab = self.pane.tab
        assert isinstance(tab, kind)
        return tab

    def text(self, row: int, column: int) -> str | None:
        tab = self.pane.tab
        assert isinstance(tab, GridTab)
        source = tab.grid._source
        if source is None or self.pane.view.page or row >= source.rows or column >= source.columns:
            return None
        block = source.block(row, column)
        return block.text(row, column, TextStyle("exact")) if block is not None else None

    def until(self, row: int, column: int, text: str) -> None:
        self.qtbot.waitUntil(lambda: self.text(row, column) == text, timeout=30_000)

    def until_said(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.pane.foot.words.text(), timeout=30_000)
