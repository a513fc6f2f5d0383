"""The toolbar says what is in force at each step."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.ui.step_words import modes_in_words, step_place
from tests.ui.running import running, step_on

MODES = """import torch
x = torch.ones(2, requires_grad=True)
torch.set_default_dtype(torch.float64)
y = torch.ones(2)
with torch.no_grad():
    z = y * 2
w = z + 1
torch.set_default_dtype(torch.float32)
with torch.inference_mode():
    q = x + 1
print(q)
"""


def test_modes_that_are_not_the_default_are_said(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, MODES) as session:
        said = {
            line: modes_in_words(session.recording, step_on(session, line))
            for line in (2, 3, 4, 6, 7, 8, 10, 11)
        }
        assert said == {
            2: [],
            3: ["default float64"],
            4: ["default float64"],
            6: ["default float64", "no_grad"],
            7: ["default float64"],
            8: [],
            10: ["inference_mode"],
            11: [],
        }
        assert step_place(session.recording, step_on(session, 6)).endswith(
            "line 6 · default float64 · no_grad"
        )


def test_a_new_run_starts_clean(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, "import torch\ntorch.set_default_dtype(torch.float64)\n"):
        pass
    with running(qtbot, tmp_path, "import torch\nx = torch.ones(1)\n") as session:
        assert modes_in_words(session.recording, 1) == []
