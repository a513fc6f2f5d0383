"""The problems pane: what went wrong, where, and why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QStackedLayout, QWidget

from explorer.protocol.running import ProgramEnded
from explorer.ui.icons import icon
from explorer.ui.session import Run, Session
from explorer.ui.troubles.problem import Problem
from explorer.ui.troubles.problems import problem_of

MOST_ERRORS = 200
_ICONS = {"error": "alert-circle", "warning": "alert-triangle", "muted": "info-circle"}


class ProblemsPane(QWidget):
    """Lists problems by source; choosing one goes to its step or its line."""

    place_wanted = Signal(str, int)
    count_changed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._by_source: dict[str, list[Problem]] = {}
        self._errors_seen = -1
        self.list = QListWidget(self)
        self.list.setWordWrap(True)
        self.list.setAccessibleName("Problems")
        self.list.setSpacing(2)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self.empty = QLabel("No problem has been found.", self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.list)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add_action("Go to the step where it shows", "", self._go_to_current)
        self._add_action("Go to the step that brought it about", "Shift+Return", self._go_to_cause)
        session.run_changed.connect(self._run_changed)
        session.recording_changed.connect(self._find_errors)
        session.troubles_changed.connect(self._take_troubles)
        self._take_troubles()

    def _add_action(self, title: str, keys: str, act: Callable[[], None]) -> None:
        action = QAction(title, self.list)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: act())
        self.list.addAction(action)

    @property
    def problems(self) -> list[Problem]:
        """All of them, as listed."""
        return [problem for found in self._by_source.values() for problem in found]

    def set_problems(self, source: str, problems: list[Problem]) -> None:
        """Replace what one source has found."""
        if self._by_source.get(source, []) == problems:
            return
        self._by_source[source] = problems
        self._show()

    def add_remark(self, sentence: str) -> None:
        """A sentence of the recorder that belongs to the whole run."""
        known = self._by_source.get("remarks", [])
        remark = Problem(sentence, "muted")
        if remark not in known:
            self.set_problems("remarks", [*known, remark])

    def program_refused(self, news: ProgramEnded) -> None:
        """A program that could not begin."""
        error = news.error
        if error is not None:
            problem = Problem(error.words, "error", error.file, error.line, -1, error.explained)
            self.set_problems("syntax", [problem])

    def _run_changed(self, run: Run) -> None:
        if run.serial != self._run:
            self._run = run.serial
            self._by_source.clear()
            self._errors_seen = -1
            self._show()
        if run.state == "lost":
            self.set_problems("run", [Problem(run.sentence)])

    def _find_errors(self) -> None:
        """Every exception that nobody caught, at the step where it rose."""
        recording = self._session.recording
        errors, told = recording.steps.errors, recording.steps.errors_told
        if told == self._errors_seen:
            return
        self._errors_seen = told
        found: list[Problem] = []
        for step, error in errors.items():
            if not error.caught and len(found) < MOST_ERRORS:
                known = recording.step(step)
                line = known.statement.line
                found.append(Problem(error.words, "error", known.file, line, step, error.explained))
        self.set_problems("errors", found)

    def _take_troubles(self) -> None:
        recording = self._session.recording
        troubles = [problem_of(recording, one) for one in self._session.troubles]
        self.set_problems("troubles", troubles)

    def _show(self) -> None:
        self.list.clear()
        for problem in self.problems:
            text = problem.text
            if problem.where:
                text += f"\n{problem.whereabouts}"
            elif problem.place:
                text += f"  ·  {problem.place}"
            if problem.explained:
                text += f"\n{problem.explained}"
            item = QListWidgetItem(icon(_ICONS[problem.role], problem.role), text)
            item.setData(Qt.ItemDataRole.UserRole, problem)
            self.list.addItem(item)
        count = len(self.problems)
        self._pages.setCurrentIndex(1 if count else 0)
        self.count_changed.emit(count)

    def _go_to_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._go(item)

    def _go_to_cause(self) -> None:
        item = self.list.currentItem()
        problem = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if problem is None:
            return
        if problem.cause >= 0:
            self._session.go(problem.cause)
        else:
            self._go_to_current()

    def _go(self, item: QListWidgetItem) -> None:
        problem = item.data(Qt.ItemDataRole.UserRole)
        if problem.moment is not None and problem.moment.tensor:
            self._session.look(problem.moment)
        elif problem.step >= 0:
            self._session.go(problem.step)
        elif problem.line:
            self.place_wanted.emit(problem.file, problem.line)
