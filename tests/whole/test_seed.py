"""A random draw can be had again: the seed of a run is shown, and can be chosen."""

from __future__ import annotations

import torch
from PySide6.QtWidgets import QApplication

from explorer.ui.seed_dialog import SeedDialog
from tests.whole.conftest import Driver

PROGRAM = "import torch\nx = torch.rand(3)\nprint(torch.initial_seed(), x.tolist())\n"


def asked(driver: Driver) -> SeedDialog:
    """The dialog, when it knows of the last run."""
    driver.do("seed")
    (dialog,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, SeedDialog)]
    driver.qtbot.waitUntil(dialog.again.isEnabled)
    return dialog


def test_a_draw_is_had_again(driver: Driver) -> None:
    driver.run(PROGRAM)
    first = driver.output
    seed = first.split()[0]
    dialog = asked(driver)
    assert dialog.last.text() == f"The last run began with {seed}."
    dialog.again.click()
    dialog.accept()
    dialog.deleteLater()
    driver.run(PROGRAM)
    assert driver.output == first
    assert f"seed {seed}" in driver.window.toolbar.label.text()


def test_a_seed_is_chosen(driver: Driver) -> None:
    driver.run(PROGRAM)
    assert "seed" not in driver.window.toolbar.label.text()
    dialog = asked(driver)
    for refused in ("forty-two", "1.5", str(1 << 70)):
        dialog.seed.setText(refused)
        dialog.accept()
        assert dialog.isVisible()
    dialog.seed.setText("42")
    dialog.accept()
    dialog.deleteLater()
    driver.run(PROGRAM)
    torch.manual_seed(42)
    assert driver.output == f"42 {torch.rand(3).tolist()}\n"
