"""Lesson: what is worth looking at in a built-in lesson; each line leads to its step."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from explorer.model.lessons import Lesson, read_lessons, step_of
from explorer.ui.resources import resource
from explorer.ui.session import Session
from explorer.ui.theme import mono_font, theme, ui_font

PAD = 10
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
EMPTY = "Choose a lesson from the menu Lessons; what is worth looking at in it is listed here."


class SightCells(QStyledItemDelegate):
    """The line of the program in the face of code, and under it what to see."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As tall as the words are in the width of the list."""
        owner = self.parent()
        assert isinstance(owner, QListWidget)
        room = max(owner.viewport().width() - 2 * PAD, 80)
        see = str(index.data()).partition("\n")[2]
        words = QFontMetrics(ui_font(13)).boundingRect(QRect(0, 0, room, 1000), _WRAPPED, see)
        return QSize(60, words.height() + QFontMetrics(mono_font(12)).height() + 12)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        whole: QRect = option.rect
        state: QStyle.StateFlag = option.state
        at, _, see = str(index.data()).partition("\n")
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, theme().selection)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole, theme().panel)
        room = whole.adjusted(PAD, 5, -PAD, -3)
        painter.setFont(mono_font(12))
        painter.setPen(theme().accent)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, at)
        painter.setFont(ui_font(13))
        painter.setPen(theme().text)
        below = room.adjusted(0, QFontMetrics(mono_font(12)).height() + 2, 0, 0)
        painter.drawText(below, _WRAPPED, see)
        painter.restore()


class LessonPane(QWidget):
    """The sights of one lesson."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lesson: Lesson | None = None
        self.empty = QLabel(EMPTY, self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 0, 24, 0)
        self.title = QLabel(self)
        self.title.setFont(ui_font(13, bold=True))
        self.title.setContentsMargins(10, 6, 10, 4)
        self.list = QListWidget(self)
        self.list.setItemDelegate(SightCells(self.list))
        self.list.setMouseTracking(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
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

    def show_program(self, path: Path | None) -> None:
        """List it as well when a lesson's own file is opened; any other program changes nothing."""
        folder = resource("lessons")
        if path is None or path.parent != folder:
            return
        for lesson in read_lessons(folder):
            if lesson.path == path and lesson != self._lesson:
                self.show_lesson(lesson)

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
