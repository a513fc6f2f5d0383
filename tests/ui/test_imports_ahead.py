"""The spare worker imports ahead what the program in front will need."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from explorer.cli.worker_client import WorkerClient
from explorer.protocol.running import ImportAhead, OutputPrinted, ProgramEnded, RunProgram
from explorer.ui.documents.autosave import Autosave
from explorer.ui.panes.editor import EditorPane
from explorer.ui.running.ahead import COMPILER, WITH_COMPILER, Ahead
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.session import Session
from tests.warm_python import warm_python

START_MS = 120_000

TRAINED = """\
import sys
print("torch._dynamo" in sys.modules)
import torch
w = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
(w * w).sum().backward()
optimizer.step()
print(w.tolist())
"""


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        (TRAINED, True),
        ("from torch import optim", True),
        ("y = checkpoint(block, x)", True),
        ("f = torch.compile(g)", True),
        ("import torch\nx = torch.ones(2)", False),
        ("best = optimum(x); compiled = re.compile('a')", False),
    ],
)
def test_which_texts_need_the_compiler(text: str, imports: bool) -> None:
    assert bool(WITH_COMPILER.search(text)) == imports


def test_the_text_in_front_decides_what_the_spare_imports(qtbot: QtBot, tmp_path: Path) -> None:
    session = Session()
    workers = Workers(warm_python())
    runner = Runner(session, workers)
    autosave = Autosave(tmp_path / "autosave")
    editor = EditorPane(session, autosave, tmp_path / "untitled")
    qtbot.addWidget(editor)
    keeper = QObject()
    Ahead(editor, workers, keeper)
    program = tmp_path / "program.py"
    program.write_text(TRAINED)
    printed: list[str] = []
    session.output_printed.connect(lambda news: printed.append(news.text))
    try:
        workers.warm()
        qtbot.waitUntil(lambda: workers.is_ready, timeout=START_MS)
        editor.open(str(program))
        qtbot.waitUntil(lambda: COMPILER in workers._imported, timeout=START_MS)
        runner.run(RunProgram(str(program)))
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=START_MS)
    finally:
        runner.close()
        workers.close()
        autosave.close()
    assert "".join(printed) == "True\n[0.0, 0.0]\n"


def test_a_run_that_waits_for_imports_can_be_stopped(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "takes_long.py").write_text("import time\ntime.sleep(600)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = tmp_path / "program.py"
    program.write_text("x = 1\n")
    session = Session()
    workers = Workers(sys.executable)
    runner = Runner(session, workers)
    try:
        workers.warm()
        qtbot.waitUntil(lambda: workers.is_ready, timeout=START_MS)
        workers.import_ahead(("takes_long",))
        runner.run(RunProgram(str(program)))
        qtbot.wait(300)
        assert runner.waiting == "Starting the program …"
        runner.stop()
        assert not runner.busy
        workers.warm()
        qtbot.waitUntil(lambda: workers.is_ready, timeout=START_MS)
        runner.run(RunProgram(str(program)))
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=START_MS)
        assert session.run.how == "finished"
    finally:
        runner.close()
        workers.close()


def test_a_module_that_cannot_be_imported_is_left_to_the_program(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise ValueError('broken')")
    program = tmp_path / "program.py"
    program.write_text("import broken")
    client = WorkerClient(sys.executable)
    try:
        client.send(ImportAhead(("no_such_module_anywhere", "broken")))
        client.ask(RunProgram(str(program)))
        printed = ""
        while not isinstance(news := client.news(), ProgramEnded):
            printed += news.text if isinstance(news, OutputPrinted) else ""
    finally:
        client.close()
    assert news.error is not None
    assert news.error.words == "ValueError: broken"
    assert printed.startswith("Traceback") and printed.endswith("ValueError: broken\n")
