"""Modules: the tree of modules with parameters, buffers and gradients at the moment."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from explorer.model.recording import Recording
from explorer.model.training.activations import (
    Activation,
    AllActivations,
    activations,
    all_activations,
)
from explorer.model.training.modules import (
    Branch,
    add_activations,
    add_modules,
    module_tree,
    totals,
)
from explorer.ui.panes.module_table import ModuleTable
from explorer.ui.sensitivity import SensitivityDesk
from explorer.ui.session import Session
from explorer.ui.troubles.search_thread import SearchThread

SOON_MS = 150
"""A step that is left again sooner is not asked for what its modules gave."""
WORDY = (0, 2)
"""Columns as wide as their texts: name and shape."""
OPEN_AT_MOST = 60
"""A tree with at most so many tensors is shown open."""


class ModulesPane(QWidget):
    """Shows what ``nn.Module``s hold; choosing a parameter looks at it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._table = ModuleTable(self)
        self._stale = True
        self._shown: tuple[Recording, int] | None = None
        self._fresh = False  # what is shown next has been asked for already
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._ask)
        self._activations: list[Activation] = []
        self._thread = SearchThread(session, self)
        self._thread.found.connect(self._activations_came)
        self._all: AllActivations | None = None
        self._again = SearchThread(session, self)
        self._again.found.connect(self._all_came)
        self.tree = QTreeView(self)
        self.tree.setModel(self._table)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("Modules")
        for column in WORDY:
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.selectionModel().currentChanged.connect(self._look)
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(10, 6, 10, 6)
        self.all_of_them = QPushButton("Outputs of all modules", self)
        self.all_of_them.setToolTip(
            "Also of modules without parameters, as ReLU, Dropout or Sequential: runs the program "
            "again in another process to see which operation each of them ended with"
        )
        self.all_of_them.clicked.connect(self.ask_for_all)
        self.empty = QLabel(self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._full_page())
        session.turns.on_moment(self._refresh)
        session.turns.on_recording(self._refresh)
        self._refresh()

    def _full_page(self) -> QWidget:
        """The sentence and the tree."""
        full = QWidget(self)
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 8, 0)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.all_of_them)
        column.addLayout(line)
        column.addWidget(self.tree, 1)
        return full

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def _refresh(self, *_: object) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        step = self._session.moment.step
        recording = self._session.recording
        if self._shown == (recording, step):
            return
        self._shown = (recording, step)
        root = module_tree(recording.cards_at(step))
        self._pages.setCurrentIndex(1 if root.children else 0)
        if not root.children:
            self.empty.setText(_nothing(len(recording)))
            return
        self._show_tree(root, step)
        if not self._fresh:
            self._soon.start()
        self._fresh = False

    def _ask(self) -> None:
        self._thread.start(activations(self._session.recording, self._session.moment.step))

    def ask_for_all(self) -> None:
        """Run the program again to learn what every module gave in the pass that is shown."""
        another = SensitivityDesk.of(self._session).another_run()
        if another is None:
            self._session.note("Run a program first.")
            return
        program, self._again.fresh = another
        self._session.note("Running the program again to see what each module gives …")
        recording, step = self._session.recording, self._session.moment.step
        self._again.start(all_activations(recording, step, program))

    def _all_came(self, found: AllActivations) -> None:
        self._session.note(found.sentence or f"{len(found.kinds)} modules were watched.")
        if not found.sentence:
            self._all = found
            self._shown, self._fresh = None, True
            self._refresh()

    def _activations_came(self, found: list[Activation]) -> None:
        if found != self._activations:
            self._activations = found
            self._shown, self._fresh = None, True
            self._refresh()

    def _show_tree(self, root: Branch, step: int) -> None:
        recording = self._session.recording
        known = self._activations
        every = self._all
        if every is not None and known and all(one.node in every.nodes for one in known):
            known = every.found
            add_modules(root, every.kinds)
        given = [one for one in known if one.made <= step]
        self.all_of_them.setVisible(bool(known) and known is self._activations)
        add_activations(root, given)
        opened = self._opened()
        self._table.set_tree(root, recording.changed_paths(step))
        self._open_again(root, opened)
        told = [_told(branch) for branch in root.children]
        if given:
            label = recording.steps.label(given[0].made)
            told.append(f"Outputs are those of step {label}, as backward had kept them.")
        self.sentence.setText(" ".join(told))

    def _opened(self) -> set[str] | None:
        if not self._table.rowCount():
            return None
        found: set[str] = set()
        waiting = [self._table.index(row, 0) for row in range(self._table.rowCount())]
        while waiting:
            index = waiting.pop()
            if self.tree.isExpanded(index):
                found.add(self._table.branch(index).path)
                rows = range(self._table.rowCount(index))
                waiting.extend(self._table.index(row, 0, index) for row in rows)
        return found

    def _open_again(self, root: Branch, opened: set[str] | None) -> None:
        if opened is None and sum(1 for _ in root.leaves()) <= OPEN_AT_MOST:
            self.tree.expandAll()
            return
        waiting = [self._table.index(row, 0) for row in range(len(root.children))]
        while waiting:
            index = waiting.pop()
            branch = self._table.branch(index)
            if branch.path in (opened or ()):
                self.tree.setExpanded(index, True)
                rows = range(len(branch.children))
                waiting.extend(self._table.index(row, 0, index) for row in rows)

    def _look(self, index: QModelIndex) -> None:
        branch = self._table.branch(index)
        if branch.card is None:
            return
        moment = self._session.moment
        if branch.kind:  # it has no name of its own, and stands at the step that kept it
            moment = moment.at(branch.step)
        kept = bool(branch.kind)
        self._session.look(moment.on_tensor(branch.card.tensor, branch.path, pinned=kept))


def _told(branch: Branch) -> str:
    below = totals(branch)
    parameters = f"{below.parameters} parameter{'' if below.parameters == 1 else 's'}"
    buffers = f" and {below.buffers} buffer{'' if below.buffers == 1 else 's'}"
    buffers = buffers if below.buffers else ""
    return (
        f"{branch.path} has {parameters}{buffers}: {below.numbers:,} numbers, "
        f"{below.nbytes:,} bytes; .grad is filled on {below.with_grad} of {below.parameters}."
    )


def _nothing(steps: int) -> str:
    if not steps:
        return "Run a program that makes an nn.Module: its parameters appear here as a tree."
    return "No name leads to an nn.Module at this step. Step to where one has been made."
