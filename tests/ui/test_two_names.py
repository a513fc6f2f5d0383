"""Two names of one tensor, and a view of it, are told apart."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.model.line_facts import LineFacts
from explorer.ui.panes.tensors import TensorsPane
from explorer.ui.tensors.row_words import in_words
from tests.ui.running import running, step_on

PROGRAM = """import torch
x = torch.ones(2, 3)
same = x.to("cpu")
row = x[0]
held = [x, row]
end = 1
"""


def test_a_second_name_is_the_same_tensor_and_no_view(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        pane = TensorsPane(session)
        qtbot.addWidget(pane)
        last = step_on(session, 6)
        session.go(last)
        rows = [pane.table.row(place) for place in range(pane.table.rowCount())]
        assert {row.name: row.relation for row in rows} == {
            "x": "",
            "same": "is x",
            "row": "view of x",
            "held[0]": "is x",
            "held[1]": "is row",
        }
        assert "the same tensor as x;" in in_words(rows[1])
        (path,) = session.recording.steps.files.values()
        facts = LineFacts(session.recording).of_lines(last, path, range(1, 6))
        assert [facts[line].text for line in (2, 3, 4)] == [
            "f32[2, 3]",
            "f32[2, 3] is x",
            "f32[3] view of x",
        ]
