"""Find and replace below an editor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from explorer.ui.widgets.editor.code_editor import CodeEditor
from explorer.ui.widgets.editor.searching import (
    BadPattern,
    Query,
    matches,
    next_match,
    previous_match,
    replaced,
    replaced_once,
)

MOST_MARKED = 1000


class FindBar(QWidget):
    """Works on whichever editor it was given last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: CodeEditor | None = None
        self.find_field = self._field("Find")
        self.replace_field = self._field("Replace with")
        self.count = QLabel(self)
        self.count.setObjectName("muted")
        self._case = self._switch("Aa", "Match upper and lower case")
        self._word = self._switch("ab|", "Whole words only")
        self._regular = self._switch(".*", "Regular expression")
        self._lay_out()
        self.find_field.textChanged.connect(self._changed)
        self.find_field.returnPressed.connect(self.next)
        self.replace_field.returnPressed.connect(self.replace)
        away = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        away.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        away.activated.connect(self.leave)
        self.hide()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 6, 8, 6)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.find_field, 0, 0)
        grid.addWidget(self.replace_field, 1, 0)
        grid.setColumnStretch(0, 1)
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget in (
            self._case,
            self._word,
            self._regular,
            self._button("↑", "Previous match (Shift+F3)", self.previous),
            self._button("↓", "Next match (F3)", self.next),
            self.count,
        ):
            first.addWidget(widget)
        first.addStretch(1)
        first.addWidget(self._button("✕", "Close (Escape)", self.leave))
        second.addWidget(self._button("Replace", "Replace this match", self.replace))
        second.addWidget(self._button("All", "Replace every match", self.replace_all))
        second.addStretch(1)
        grid.addLayout(first, 0, 1)
        grid.addLayout(second, 1, 1)

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        return field

    def _button(self, text: str, tip: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("flat")
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(act)
        return button

    def _switch(self, text: str, tip: str) -> QToolButton:
        button = self._button(text, tip, self._changed)
        button.setCheckable(True)
        return button

    def set_editor(self, editor: CodeEditor | None) -> None:
        """Search in this editor from now on."""
        if self._editor is not None and self._editor is not editor:
            self._editor.set_matches([])
        self._editor = editor
        if not self.isHidden():
            self._mark()

    def open(self, *, replace: bool) -> None:
        """Show the bar, with what is selected as what to find."""
        if self._editor is not None:
            start, end = self._editor.selection()
            selected = self._editor.text()[start:end]
            if selected and "\n" not in selected:
                self.find_field.setText(selected)
        self.show()
        self._mark()
        field = self.replace_field if replace and self.find_field.text() else self.find_field
        field.setFocus()
        field.selectAll()

    def leave(self) -> None:
        """Hide the bar and go back to the text."""
        self.hide()
        if self._editor is not None:
            self._editor.set_matches([])
            self._editor.setFocus()

    def query(self) -> Query:
        """What the fields ask for."""
        return Query(
            self.find_field.text(),
            match_case=self._case.isChecked(),
            whole_word=self._word.isChecked(),
            regular=self._regular.isChecked(),
        )

    def next(self) -> None:
        """Select the next match; after the last one the first."""
        self._go(forward=True)

    def previous(self) -> None:
        """Select the match before; before the first one the last."""
        self._go(forward=False)

    def _go(self, *, forward: bool) -> None:
        if self._editor is None:
            return
        start, end = self._editor.selection()
        try:
            if forward:
                found = next_match(self._editor.text(), self.query(), end)
            else:
                found = previous_match(self._editor.text(), self.query(), start)
        except BadPattern as err:
            self.count.setText(str(err))
            return
        if found is not None:
            self._editor.select(*found)
        self._mark()

    def replace(self) -> None:
        """Replace the match that is selected, then go to the next."""
        if self._editor is None:
            return
        try:
            made = replaced_once(
                self._editor.text(),
                self.query(),
                self.replace_field.text(),
                self._editor.selection(),
            )
        except BadPattern as err:
            self.count.setText(str(err))
            return
        if made is not None:
            self._editor.replace_selection(made)
        self.next()

    def replace_all(self) -> None:
        """Replace every match, as one change."""
        if self._editor is None:
            return
        try:
            text, count = replaced(self._editor.text(), self.query(), self.replace_field.text())
        except BadPattern as err:
            self.count.setText(str(err))
            return
        if count:
            self._editor.replace_text(text)
        self._mark()
        self.count.setText(f"{count} replaced")

    def _changed(self) -> None:
        self._mark()
        if self._editor is not None and self.find_field.text():
            start, _ = self._editor.selection()
            try:
                found = next_match(self._editor.text(), self.query(), start)
            except BadPattern:
                return
            if found is not None:
                self._editor.select(*found)

    def _mark(self) -> None:
        if self._editor is None:
            return
        try:
            found = matches(self._editor.text(), self.query(), MOST_MARKED)
        except BadPattern as err:
            self._editor.set_matches([])
            self.count.setText(str(err))
            return
        self._editor.set_matches(found)
        many = "+" if len(found) == MOST_MARKED else ""
        none = "No match" if self.find_field.text() else ""
        self.count.setText(f"{len(found)}{many} found" if found else none)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F3:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._go(forward=not back)
        else:
            super().keyPressEvent(event)
