"""The menu of built-in lessons: one opens as a new program, which can be changed freely."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from explorer.ui.resources import resource

if TYPE_CHECKING:
    from explorer.model.lessons import Lesson


class LessonsMenu(QMenu):
    """Lists the lessons when it is opened."""

    chosen = Signal(object)
    """A `Lesson`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("&Lessons", parent)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Read the index, once."""
        if not self.isEmpty():
            return
        from explorer.model.lessons import read_lessons

        for lesson in read_lessons(resource("lessons")):
            number = f"{lesson.item}. " if lesson.item else ""
            action = self.addAction(f"{number}{lesson.title}")
            action.triggered.connect(partial(self._choose, lesson))

    def _choose(self, lesson: Lesson, _: bool = False) -> None:
        self.chosen.emit(lesson)
