"""The panes about layout over real programs: layout, walk, what if, storages, writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.layout.storages_table import NAMES, REMARK
from explorer.ui.layout.writes_table import CODE, TOLD
from explorer.ui.panes.layout import LayoutPane
from explorer.ui.panes.storages import StoragesPane
from explorer.ui.panes.walk import WalkPane
from explorer.ui.panes.what_if import WhatIfPane
from explorer.ui.panes.writes import WritesPane
from explorer.ui.session import Session
from tests.ui.running import running, step_on

PICTURE = """\
import torch as t
x = t.ones(3, 4, requires_grad=True)
d = x.detach().t()
d[0] *= 10
y = x + 2
y.sum().backward()
big = t.zeros(50000)
small = big[100:110]
del big
sparse = t.eye(3).to_sparse()
empty = t.zeros(0, 3)
meta = t.zeros(2, device="meta")
half = x.detach()[:, ::2]
small = small.clone()
"""


def look(session: Session, line: int, name: str, cell: tuple[int, ...] | None = None) -> None:
    session.look(Moment(step=step_on(session, line), name=name, cell=cell))


def test_the_layout_pane_shows_the_picture_of_the_design(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = LayoutPane(session)
        qtbot.addWidget(pane)
        pane.resize(560, 400)
        pane.show()
        look(session, 4, "d", (2, 1))
        assert pane.sum.accessibleName().startswith("d[2, 1] → offset 0 + 2·1 + 1·4 = 6")
        assert pane.sum.accessibleName().endswith("also x[1, 2]")
        assert pane.title.accessibleName() == "storage A, 12 × float32, 48 B"
        assert pane.strip.current == 6
        qtbot.waitUntil(lambda: "This step writes 3 cells, seen by x." in pane.why.text())
        assert "x reads it row by row (stride 4, 1)" in pane.why.text()
        assert "Not contiguous: dimension 1 steps by 4" in pane.why.text()
        qtbot.waitUntil(lambda: "Place 6 holds 1." in strip_words(pane))
        assert pane.sharers.rowCount() == 2
        facts = pane.facts.text()
        facts = facts.replace("&nbsp;", " ")
        for text in ("48 of 48 B", "1, 4", "view of", "at step 4"):
            assert text in facts


def strip_words(pane: LayoutPane) -> str:
    pane.strip.set_current(pane.strip.current)
    return pane.strip.accessibleDescription()


def test_a_place_becomes_the_cell_of_the_moment_and_back(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = LayoutPane(session)
        qtbot.addWidget(pane)
        pane.resize(560, 400)
        pane.show()
        look(session, 13, "half")
        assert pane.sum.accessibleName() == "" and "half[i, j]" in pane.sum.text()
        pane.strip.place_chosen.emit(6)
        assert session.moment.cell == (1, 1)
        assert "half[1, 1] → offset 0 + 1·4 + 1·2 = 6" in pane.sum.accessibleName()
        assert "d[2, 1]" in pane.sum.accessibleName() and "x[1, 2]" in pane.sum.accessibleName()
        pane.strip.place_chosen.emit(5)
        assert session.moment.cell == (1, 1)
        told = pane.sum.accessibleName()
        assert told.startswith("place 5: not reached by half; x[1, 1] and d[1, 1]")
        pane.strip.place_hovered.emit(0)
        assert pane.sum.accessibleName().startswith("half[0, 0]")
        row = next(
            row
            for row in range(pane.sharers.rowCount())
            if (one := pane.sharers.sharer(row)) is not None and one.names[0] == "d"
        )
        pane.table.clicked.emit(pane.sharers.index(row, 0))
        assert session.moment.name == "d" and session.moment.cell is None


@pytest.mark.parametrize(
    ("line", "name", "sentence"),
    [
        (10, "sparse", "has no row of numbers of its own"),
        (11, "empty", "is empty: 0 bytes"),
        (12, "meta", "is on meta"),
        (4, "y", "y is not there at this step"),
        (4, "", "Choose a tensor"),
    ],
)
def test_tensors_without_a_strip_get_a_sentence(
    qtbot: QtBot, tmp_path: Path, line: int, name: str, sentence: str
) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = LayoutPane(session)
        qtbot.addWidget(pane)
        look(session, 4, "d")
        look(session, line, name)
        assert sentence in pane.empty.text()
        assert pane.empty.isVisibleTo(pane)
        look(session, 4, "d")
        assert not pane.empty.isVisibleTo(pane)


def test_a_pane_before_any_run_says_what_to_do(qtbot: QtBot) -> None:
    session = Session()
    pane = LayoutPane(session)
    qtbot.addWidget(pane)
    assert pane.empty.text().startswith("Run a program")
    for made in (WalkPane, WhatIfPane, StoragesPane, WritesPane):
        other = made(session)
        qtbot.addWidget(other)
        assert other.grab().width() > 0
    session.deleteLater()


def test_a_gradient_without_a_name_can_be_looked_at(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = LayoutPane(session)
        qtbot.addWidget(pane)
        step = step_on(session, 6)
        x = session.recording.cards_at(step)["x"]
        session.look(Moment(step=step, tensor=x.grad, name="x.grad", pinned=True))
        assert pane.view is not None and pane.view.name == "x.grad"
        assert "storage" in pane.title.accessibleName()


def test_what_if_predicts_and_offers_a_way_out(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = WhatIfPane(session)
        qtbot.addWidget(pane)
        pane.resize(560, 400)
        pane.show()
        look(session, 4, "d")
        wanted: list[str] = []
        pane.code_wanted.connect(wanted.append)
        qtbot.keyClicks(pane.box, ".view(12)")
        qtbot.keyClick(pane.box, Qt.Key.Key_Return)
        assert "refused" in pane.outcome.accessibleName()
        assert pane.nearest.text() == "Take .reshape(12)" and pane.insert.isHidden()
        assert "cannot merge" in pane.dims.accessibleDescription()
        pane.nearest.click()
        assert pane.box.text() == "d.reshape(12)"
        assert "a copy" in pane.outcome.accessibleName()
        assert what_is_foretold(pane) == ("d.reshape(12)", True)
        pane.insert.click()
        assert wanted == ["d.reshape(12)"]
        pane.box.setText("x")
        pane.dims.order_wanted.emit((1, 0))
        assert what_is_foretold(pane) == ("x.permute(1, 0)", False)
        pane.dims.merge_wanted.emit(0)
        assert what_is_foretold(pane) == ("x.permute(1, 0).flatten(0, 1)", True)
        pane.box.setText("nothing.t()")
        qtbot.keyClick(pane.box, Qt.Key.Key_Return)
        assert pane.outcome.accessibleName() == "There is no tensor nothing at this step."


def what_is_foretold(pane: WhatIfPane) -> tuple[str, bool]:
    """The chain, and whether it copies."""
    return pane.told.code, pane.told.copied


def test_the_walk_compares_a_tensor_with_others(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = WalkPane(session)
        qtbot.addWidget(pane)
        pane.resize(500, 350)
        pane.show()
        look(session, 4, "d")
        titles = [pane.partner.itemText(row) for row in range(pane.partner.count())]
        assert titles == ["d.T", "d.contiguous()", "x"]
        assert "d.contiguous() copies 48 B" in pane.sentence.text()
        pane.partner.setCurrentIndex(2)
        assert "x: 12 visits" in pane.sentence.text()
        look(session, 4, "x")
        assert "x.contiguous() copies nothing" in pane.sentence.text()
        look(session, 11, "empty")
        assert pane.sentence.text().startswith("Choose a tensor with strides and elements")
        assert not pane.button.isEnabled()


def test_storages_are_listed_with_holders_and_remarks(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE) as session:
        pane = StoragesPane(session)
        qtbot.addWidget(pane)
        pane.resize(600, 400)
        pane.show()
        look(session, 9, "d")

        def texts(column: int) -> list[str]:
            count = pane.table.rowCount()
            return [pane.table.index(row, column).data() for row in range(count)]

        assert texts(NAMES)[0] == "x, d"
        assert "x.grad" in texts(NAMES) and "small" in texts(NAMES)
        remark = texts(REMARK)[texts(NAMES).index("small")]
        assert remark.startswith("small looks at 40 B, and all 200 kB stay in memory")
        assert pane.view.currentIndex().row() == 0
        look(session, 14, "small")
        assert "At this step the last name of" in pane.sentence.text()
        pane.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        sizes = [pane.table.storage(row) for row in range(pane.table.rowCount())]
        bytes_of = [session.recording.content(session.moment.step, one) for one in sizes]
        held = [content.nbytes for content in bytes_of if content is not None]
        assert held == sorted(held, reverse=True)
        pane.view.clicked.emit(pane.table.index(pane.table.row_of(1), 0))
        assert session.moment.name == "x"
        pane.chart.step_chosen.emit(step_on(session, 2))
        assert session.moment.step == step_on(session, 2)


KEPT = """\
import torch
x = torch.ones(1000, requires_grad=True)
y = (x * 2).exp().sin().sum()
s = torch.sigmoid(x)
s.data.add_(1)
y.backward()
"""


def test_what_the_graph_keeps_is_listed_and_counted(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, KEPT) as session:
        pane = StoragesPane(session)
        qtbot.addWidget(pane)
        pane.resize(800, 400)
        pane.show()
        look(session, 3, "x")
        qtbot.waitUntil(lambda: "Graphs keep" in pane.sentence.text())
        rows = range(pane.table.rowCount())
        cells = [[pane.table.index(row, at).data() for at in (NAMES, REMARK)] for row in rows]
        kept = [remark for names, remark in cells if names == "no name"]
        assert any("ExpBackward0 of line 3" in one and "SinBackward0" in one for one in kept)
        before = pane.chart.held(step_on(session, 3))
        look(session, 6, "x")
        assert "Graphs keep" not in pane.sentence.text()
        assert pane.chart.held(step_on(session, 6)) < before + 8000


def test_writes_are_listed_and_filtered(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PICTURE + "y.data.zero_()\n") as session:
        pane = WritesPane(session)
        qtbot.addWidget(pane)
        pane.resize(600, 300)
        pane.show()

        def rows() -> dict[str, str]:
            count = pane.table.rowCount()
            return {
                pane.table.index(row, CODE).data(): pane.table.index(row, TOLD).data()
                for row in range(count)
            }

        qtbot.waitUntil(lambda: rows().get("d[0] *= 10") == "writes 3 cells, seen by x")
        qtbot.waitUntil(lambda: rows()["y.data.zero_()"] == "writes 12 cells")
        pane.others_only.setChecked(True)
        qtbot.waitUntil(lambda: list(rows()) == ["d[0] *= 10"])
        pane.view.clicked.emit(pane.table.index(0, CODE))
        assert session.moment.step == step_on(session, 4)
        assert pane.view.currentIndex().row() == 0


FAILING = """\
import torch
x = torch.arange(6.0).view(2, 3)
t = x.t()
try:
    y = t.view(6)
except RuntimeError:
    pass
e = torch.zeros(3, 1).expand(3, 4)
e.add_(1)
"""


def test_a_failed_view_and_a_failed_write_are_explained(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, FAILING) as session:
        pane = LayoutPane(session)
        qtbot.addWidget(pane)
        errors = sorted(session.recording.steps.errors)
        assert len(errors) == 2
        session.look(Moment(step=errors[0], name="x"))
        assert pane.why.text().startswith(".view(6) fails here. The new dimension 0 of size 6")
        assert "t.reshape(6) works." in pane.why.text()
        assert pane.failed.isVisibleTo(pane)
        assert pane.failed.sentence().endswith("dimensions 0 and 1 cannot merge.")
        session.look(Moment(step=errors[1], name="e"))
        assert pane.why.text().startswith("The write fails here. Stride 0 along dimension 1")
        session.look(Moment(step=errors[0] - 1, name="x"))
        assert not pane.failed.isVisibleTo(pane)
