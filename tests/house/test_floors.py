"""A floor imports only what stands below it."""

from __future__ import annotations

import re
import sys

import pytest

from tests.house.imports import Import, all_imports, module_name, sources

STANDARD = set(sys.stdlib_module_names) | {"__future__"}
# floor -> (what it may import of our own, what it may import of others)
FLOORS: dict[str, tuple[set[str], set[str]]] = {
    "explorer.protocol": ({"explorer.protocol", "explorer.version"}, set()),
    "explorer.worker": (
        {"explorer.worker", "explorer.protocol", "explorer.version"},
        {"torch", "torchgen", "numpy"},
    ),
    "explorer.model": ({"explorer.model", "explorer.protocol", "explorer.version"}, {"numpy"}),
    "explorer.ui": (
        {"explorer.ui", "explorer.model", "explorer.protocol", "explorer.version"},
        {"PySide6", "shiboken6", "pyside6_scintilla", "pyqtgraph", "numpy", "ziamath"},
    ),
    "explorer.cli": (
        {"explorer.cli", "explorer.ui", "explorer.model", "explorer.protocol", "explorer.version"},
        {"PySide6", "numpy"},
    ),
}


def inside(name: str, package: str) -> bool:
    """Whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(package + ".")


def may(found: Import, floor: str) -> bool:
    """Whether an import keeps to its floor."""
    own, foreign = FLOORS[floor]
    top = found.imported.partition(".")[0]
    if top == "explorer":
        return found.imported == "explorer" or any(inside(found.imported, p) for p in own)
    return top in STANDARD or top in foreign


@pytest.mark.parametrize("floor", FLOORS)
def test_floor_imports_only_what_stands_below(floor: str) -> None:
    wrong = [i for i in all_imports() if inside(i.importer, floor) and not may(i, floor)]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_module_belongs_to_a_floor() -> None:
    outside = {
        i.importer
        for i in all_imports()
        if not any(inside(i.importer, floor) for floor in FLOORS)
        and i.importer not in {"explorer", "explorer.__main__", "explorer.version"}
    }
    assert not outside


def test_widgets_know_nothing_of_session_or_panes() -> None:
    widgets = "explorer.ui.widgets"
    wrong = [
        i
        for i in all_imports()
        if inside(i.importer, widgets)
        and inside(i.imported, "explorer.ui")
        and not any(inside(i.imported, p) for p in (widgets, "explorer.ui.theme"))
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_panes_never_import_each_other() -> None:
    """A pane is a module with a class named after it; files with its parts may be imported."""
    panes = {
        module_name(path)
        for path in sources()
        if path.parent.name == "panes" and re.search(r"^class \w+Pane\(", path.read_text(), re.M)
    }
    wrong = [
        i for i in all_imports() if inside(i.importer, "explorer.ui.panes") and i.imported in panes
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_package_itself_imports_nothing() -> None:
    wrong = [i for i in all_imports() if i.importer == "explorer" and i.imported != "__future__"]
    assert not wrong, "\n".join(map(str, wrong))
