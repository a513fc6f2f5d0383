"""What the rows of the tree of modules say."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.ui.panes.module_table import module_text
from tests.ui.module_panes import at_the_end, every

WITH_LISTS = """import torch
from torch import nn
lstm = nn.LSTM(2, 3)
blocks = nn.ModuleList([nn.Linear(2, 2)])
net = nn.Sequential(nn.Linear(2, 2))
"""


def test_a_list_of_tensors_is_no_module(qtbot: QtBot, tmp_path: Path) -> None:
    with at_the_end(qtbot, tmp_path, WITH_LISTS) as (_, pane):
        qtbot.waitUntil(lambda: len(every(pane._table._root)) > 12, timeout=120_000)
        kinds = {one.path: module_text(one, "kind") for one in every(pane._table._root)}
        assert kinds["lstm._flat_weights"] == "list"
        assert kinds["lstm"] == kinds["blocks"] == kinds["blocks.0"] == kinds["net"] == "module"
