"""What goes wrong is found after a run without being asked, listed, marked and gone to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from explorer.ui.main_window import MainWindow
from explorer.ui.panes.problems import ProblemsPane
from explorer.ui.session import Session
from explorer.ui.troubles.bad_finder import BadFinder
from explorer.ui.troubles.search import TroubleSearch
from tests.ui.running import running, step_on
from tests.ui.windows import Windows, windows

TROUBLES = Path(__file__).parent.parent / "programs" / "troubles"
DEAD = (TROUBLES / "zero_has_dead_relu.py").read_text()
BORN = (TROUBLES / "born_has_sqrt_backward.py").read_text()
WHOLE = """import torch
x = torch.tensor([1.0, 0.0, 4.0])
y = x - 1
z = x / x
w = z + 1
"""


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Windows]:
    with windows(qtbot, tmp_path) as made:
        yield made


def searched(qtbot: QtBot, session: Session) -> ProblemsPane:
    pane = ProblemsPane(session)
    qtbot.addWidget(pane)
    search = TroubleSearch(session, pane)
    session.run_changed.emit(session.run)
    qtbot.waitUntil(lambda: not search.busy, timeout=20_000)
    return pane


def test_a_dead_relu_is_listed_with_step_line_and_node(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, DEAD) as session:
        pane = searched(qtbot, session)
        (problem,) = pane.problems
        assert "a dead ReLU" in problem.text
        assert "ReluBackward0" in problem.where
        assert problem.role == "warning"
        assert pane.list.item(0).text().endswith(problem.whereabouts)
        relu = next(line for line, text in enumerate(DEAD.splitlines(), 1) if "relu" in text)
        assert problem.cause == step_on(session, relu)
        pane.show()
        pane.activateWindow()
        qtbot.waitExposed(pane)
        pane.list.setFocus()
        qtbot.waitUntil(pane.list.hasFocus)
        pane.list.setCurrentRow(0)
        qtbot.keyClick(pane.list, Qt.Key.Key_Return)
        assert session.moment.step == problem.step
        assert session.moment.name == "w"
        qtbot.keyClick(pane.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert session.moment.step == problem.cause


def test_the_cell_that_gave_birth_to_a_nan_is_gone_to(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, BORN) as session:
        pane = searched(qtbot, session)
        assert [one.cause for one in pane.problems if "is born" in one.text] == [-1]
        pane.list.itemClicked.emit(pane.list.item(0))
        assert session.moment.cell == (1,)
        assert session.moment.pinned
        assert session.recording.step(session.moment.step).node is not None


def test_the_first_nan_of_all_tensors_in_one_command(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, WHOLE) as session:
        finder = BadFinder(session, session)
        said: list[str] = []
        finder.said.connect(said.append)
        finder.find("inf")
        qtbot.waitUntil(lambda: not finder.busy, timeout=10_000)
        assert said[-1] == ("The first NaN or Inf is in z at step 4, line 4, cell [1]: z = x / x")
        assert (session.moment.name, session.moment.cell) == ("z", (1,))


def test_the_first_nan_inside_backward_names_the_node(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, BORN) as session:
        finder = BadFinder(session, session)
        said: list[str] = []
        finder.said.connect(said.append)
        finder.find("inf")
        qtbot.waitUntil(lambda: not finder.busy, timeout=10_000)
        assert "SqrtBackward0, in " in said[-1]
        assert session.recording.steps.is_node(session.moment.step)


def _run(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    assert window.editor.open(str(path))
    window.gestures["run"].trigger()
    qtbot.waitUntil(lambda: window.session.run.state == "ended", timeout=120_000)
    qtbot.waitUntil(lambda: not window.furniture.autograd.troubles.busy, timeout=20_000)


def test_the_window_marks_the_line_and_counts(
    qtbot: QtBot, made: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dead.py"
    path.write_text(DEAD)
    window = made.make()
    _run(qtbot, window, path)
    assert len(window.session.troubles) == 1
    assert window.docks["problems"].windowTitle() == "Problems · 1"
    editor = window.editor.document.editor
    relu = next(line for line, text in enumerate(DEAD.splitlines(), 1) if "relu" in text)
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, *more: shown.append(text))
    for line in (relu, 1):
        overlay = editor._overlay  # type: ignore[attr-defined]
        shown.append(overlay.tip_at(editor.line_rect(line).center().y()))
    assert "a dead ReLU" in shown[0]
    assert shown[1] == ""
    editor.set_caret(relu)
    editor.replace_selection("\n")
    qtbot.waitUntil(lambda: [one.line for one in editor._overlay.squiggles] == [relu + 1])  # type: ignore[attr-defined]


SAVED = """\
import torch
x = torch.ones(5, requires_grad=True)
s = torch.sigmoid(x)
s.data.add_(1)
y = s.sum()
"""


def test_a_write_into_what_a_graph_keeps_is_marked(
    qtbot: QtBot, made: Windows, tmp_path: Path
) -> None:
    path = tmp_path / "saved.py"
    path.write_text(SAVED)
    window = made.make()
    _run(qtbot, window, path)
    editor = window.editor.document.editor
    overlay = editor._overlay  # type: ignore[attr-defined]

    def told(line: int) -> str:
        return str(overlay.tip_at(editor.line_rect(line).center().y()))

    qtbot.waitUntil(lambda: "SigmoidBackward0 of line 3 has saved" in told(4))
    assert not told(3) and not told(5)


def test_the_first_nan_by_its_keys(qtbot: QtBot, made: Windows, tmp_path: Path) -> None:
    path = tmp_path / "born.py"
    path.write_text(WHOLE)
    window = made.make()
    _run(qtbot, window, path)
    window.gestures["first_nan"].trigger()
    qtbot.waitUntil(lambda: not window.furniture.autograd.bad.busy, timeout=10_000)
    assert "The first NaN or Inf is in z" in window.toolbar.label.text()
    assert window.session.moment.step == step_on(window.session, 4)


LONG = """import os, time, torch
x = torch.tensor([0.0, 1.0])
y = x / x
while not os.path.exists({stop!r}):
    time.sleep(0.05)
"""


def test_what_goes_wrong_is_told_while_the_program_runs(
    qtbot: QtBot, made: Windows, tmp_path: Path
) -> None:
    path, stop = tmp_path / "long.py", tmp_path / "stop"
    path.write_text(LONG.format(stop=str(stop)))
    window = made.make()
    assert window.editor.open(str(path))
    window.gestures["run"].trigger()
    try:
        qtbot.waitUntil(lambda: bool(window.session.troubles), timeout=120_000)
        assert window.session.run.going
        (trouble,) = window.session.troubles
        assert trouble.kind == "born"
        assert trouble.cell == (0,)
        window.session.go(trouble.step)
        steps = len(window.session.recording)
        qtbot.waitUntil(lambda: len(window.session.recording) > steps + 2, timeout=30_000)
        assert window.session.moment.step == trouble.step
    finally:
        stop.touch()
    qtbot.waitUntil(lambda: window.session.run.state == "ended", timeout=60_000)
