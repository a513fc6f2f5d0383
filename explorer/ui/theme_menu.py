"""The menu that chooses between light and dark."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from explorer.ui.theme import CHOICES, appearance


def theme_menu(choose: Callable[[str], None], parent: QWidget) -> QMenu:
    """One entry for each choice; ``choose`` gets the one that was taken."""
    menu = QMenu("&Theme", parent)
    group = QActionGroup(menu)
    for choice in CHOICES:
        action = menu.addAction(choice.capitalize())
        action.setCheckable(True)
        action.setChecked(choice == appearance().choice)
        action.triggered.connect(lambda _=False, chosen=choice: choose(chosen))
        group.addAction(action)
    return menu
