"""Lesson: what is worth looking at in a built-in lesson; each line leads to its step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.model.lessons import Lesson, step_of
from explorer.ui.session import Session
from explorer.ui.theme import ui_font

EMPTY = "Choose a lesson from the menu Lessons; what is worth looking at in it is listed here."


class LessonPane(QWidget):
    """The sights of one lesson."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lesson: Lesson | None = None
        self.empty = QLabel(EMPTY, self)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 0, 24, 0)
        self.title = QLabel(self)
        self.title.setFont(ui_font(13, bold=True))
        self.title.setContentsMargins(10, 6, 10, 4)
        self.list = QListWidget(self)
        self.list.setWordWrap(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName("What to look at")
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        full = QWidget(self)
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(full)

    def show_lesson(self, lesson: Lesson) -> None:
        """List what is worth looking at in this lesson."""
        self._lesson = lesson
        self.title.setText(lesson.title)
        self.list.clear()
        for sight in lesson.sights:
            item = QListWidgetItem(f"{sight.at} …\n{sight.see}", self.list)
            item.setToolTip("Go to the step at which this line had run")
        self._pages.setCurrentIndex(1)

    def _go(self, item: QListWidgetItem) -> None:
        if self._lesson is None:
            return
        step = step_of(self._session.recording, self._lesson.sights[self.list.row(item)])
        if step is None:
            self._session.note("This line has not run yet; press Run first.")
        else:
            self._session.go(step)
