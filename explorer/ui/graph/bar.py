"""The row above a graph: a sentence that says what is shown, search, fit, direction and more."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.ui.icons import icon


class GraphBar(QWidget):
    """Tells by signals what is wanted; knows nothing of graphs."""

    fit_wanted = Signal()
    turned = Signal(bool)
    """True: gradients run downwards, results stand above."""
    search_changed = Signal(str)
    next_wanted = Signal(int)
    """1 for the next find, -1 for the one before."""
    open_all_wanted = Signal()
    close_all_wanted = Signal()
    flat_changed = Signal(bool)
    wheel_changed = Signal(bool)
    sizes_changed = Signal(bool)
    """Whether nodes are coloured by the size of their gradients."""
    save_wanted = Signal(str)
    """``svg``, ``png``, ``dot`` or ``json``."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentence = QLabel(self)
        self.sentence.setObjectName("muted")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.direction = self._button("↓ gradients", "Turn the picture upside down")
        self.direction.setCheckable(True)
        self.direction.clicked.connect(self.turned)
        self.find_button = self._button("find", "Search by operation, name, shape or line (Ctrl+F)")
        self.find_button.clicked.connect(self.open_search)
        fit = self._button("fit", "Show all of the graph (F)")
        fit.clicked.connect(self.fit_wanted)
        self.more = self._button("", "More")
        self.more.setIcon(icon("adjustments", "muted"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu())
        self._make_search()
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 6, 2)
        row.setSpacing(2)
        row.addWidget(self.sentence, 1)
        for button in (self.direction, self.find_button, fit, self.more):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._search)

    def say(self, sentence: str) -> None:
        """Put the picture into words."""
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)

    def set_direction(self, upwards: bool) -> None:
        """Show which way the picture stands."""
        self.direction.setChecked(upwards)
        self.direction.setText("↓ gradients" if upwards else "↓ data")

    def say_found(self, place: int, count: int) -> None:
        """Which of how many finds is looked at; place 0: none."""
        words = f"{place} of {count}" if place else f"{count} found"
        self._count.setText(words if self.field.text() else "")

    def open_search(self) -> None:
        """Let the user type what to look for."""
        self._search.show()
        self.field.setFocus()
        self.field.selectAll()

    def close_search(self) -> None:
        """Take the search away."""
        self.field.clear()
        self._search.hide()

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setObjectName("flat")
        return button

    def _make_search(self) -> None:
        self._search = QWidget(self)
        self.field = QLineEdit(self._search)
        self.field.setPlaceholderText("operation, name, shape or line: relu, f32[8, line 12")
        self.field.setAccessibleName("Search the graph")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.search_changed)
        self.field.returnPressed.connect(lambda: self.next_wanted.emit(1))
        self._count = QLabel(self._search)
        self._count.setObjectName("muted")
        row = QHBoxLayout(self._search)
        row.setContentsMargins(12, 0, 8, 4)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        before = QShortcut(QKeySequence("Shift+Return"), self.field)
        before.activated.connect(lambda: self.next_wanted.emit(-1))
        away = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._search)
        away.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        away.activated.connect(self.close_search)
        self._search.hide()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Unfold everything", self.open_all_wanted.emit)
        menu.addAction("Fold everything", self.close_all_wanted.emit)
        flat = menu.addAction("Without folding")
        flat.setCheckable(True)
        flat.toggled.connect(self.flat_changed)
        self.sizes = menu.addAction("Colour by the size of gradients\tG")
        self.sizes.setCheckable(True)
        self.sizes.toggled.connect(self.sizes_changed)
        wheel = menu.addAction("Wheel zooms")
        wheel.setCheckable(True)
        wheel.toggled.connect(self.wheel_changed)
        menu.addSeparator()
        for kind, words in (
            ("svg", "Save as SVG…"),
            ("png", "Save as PNG…"),
            ("dot", "Save as DOT…"),
            ("json", "Save as JSON…"),
        ):
            menu.addAction(words, partial(self.save_wanted.emit, kind))
        return menu
