"""The window's process never loads torch, the worker's never loads Qt: asked of real processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.imports import REPOSITORY, module_name, sources

LOAD = """
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
loaded = sorted(n for n in {forbidden!r} if n in sys.modules)
sys.exit("loaded " + ", ".join(loaded) if loaded else 0)
"""
WINDOW = ("explorer.ui", "explorer.model", "explorer.protocol", "explorer.cli")
WORKER = ("explorer.worker", "explorer.protocol")


def modules_of(packages: tuple[str, ...]) -> list[str]:
    """Every module of the packages but the launcher, which starts a worker when it is loaded."""
    names = [module_name(path) for path in sources()]
    return [n for n in names if n.startswith(packages) and n != "explorer.worker.launch"]


@pytest.mark.parametrize(
    ("packages", "forbidden"),
    [
        pytest.param(WINDOW, ["torch"], id="window without torch"),
        pytest.param(WORKER, ["PySide6", "shiboken6", "pyqtgraph"], id="worker without Qt"),
        pytest.param(WINDOW, ["pyqtgraph"], id="plots are loaded when first wanted"),
        pytest.param(("explorer.protocol", "explorer.model"), ["PySide6"], id="model without Qt"),
        pytest.param(("explorer.protocol",), ["numpy"], id="protocol without numpy"),
    ],
)
def test_process_does_not_load(packages: tuple[str, ...], forbidden: list[str]) -> None:
    code = LOAD.format(modules=modules_of(packages), forbidden=forbidden)
    command = [sys.executable, "-c", code]
    process = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120
    )
    assert process.returncode == 0, process.stderr
