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
from explorer.model.training.activations import Activation, Activations, activations
from explorer.model.training.activations_again import AllActivations, all_activations
from explorer.model.training.modules import (
    Branch,
    add_activations,
    add_modules,
    module_tree,
    totals,
)
from explorer.protocol.values import Brief
from explorer.ui.panes.module_table import COLUMNS, ModuleTable
from explorer.ui.sensitivity import SensitivityDesk
from explorer.ui.session import Session
from explorer.ui.tensors.briefs import BriefReader
from explorer.ui.troubles.search_thread import SearchThread

SOON_MS = 150
"""A step that is left again sooner is not asked for what its modules gave."""
WIDTHS = {"range": 160, "numbers": 74, "grad": 92}
"""Pixels of columns whose texts cost something to know; the others are as wide as their texts."""
WIDEST = 250
"""Pixels up to which the column of ranges grows with what it tells."""
OPEN_AT_MOST = 60
"""A tree with at most so many tensors is shown open."""


class ModulesPane(QWidget):
    """Shows what ``nn.Module``s hold; choosing a parameter looks at it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._briefs = BriefReader(session, self)
        self._table = ModuleTable(self._brief_of, self)
        self._stale = True
        self._shown: tuple[Recording, int] | None = None
        self._of: Recording | None = None
        self._words = ""
        self._fresh = False  # what is shown next has been asked for already
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._ask)
        self._activations = Activations()
        self._thread = SearchThread(session, self)
        self._thread.found.connect(self._activations_came)
        self._all: AllActivations | None = None
        self._again = SearchThread(session, self)
        self._again.found.connect(self._all_came)
        self.tree = self._made_tree()
        self._briefs.arrived.connect(self.tree.viewport().update)
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(10, 6, 10, 6)
        self.all_of_them = QPushButton("Outputs of all modules", self)
        self.all_of_them.setToolTip(
            "Also of modules without parameters, as ReLU or Sequential, under no_grad, and what "
            "nothing kept: runs the program again in another process to look at each as it ends"
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

    def _made_tree(self) -> QTreeView:
        tree = QTreeView(self)
        tree.setModel(self._table)
        tree.setUniformRowHeights(True)
        tree.setAccessibleName("Modules")
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for name, width in WIDTHS.items():
            header.setSectionResizeMode(COLUMNS.index(name), QHeaderView.ResizeMode.Interactive)
            header.resizeSection(COLUMNS.index(name), width)
        # Queued: it is told while a row is being drawn.
        self._table.wider.connect(self._widen, Qt.ConnectionType.QueuedConnection)
        tree.selectionModel().currentChanged.connect(self._look)
        return tree

    def _widen(self, width: int) -> None:
        header, column = self.tree.header(), COLUMNS.index("range")
        header.resizeSection(column, max(header.sectionSize(column), min(width, WIDEST)))

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
        if self._of is not recording:  # what another run gave is not this one's
            self._of, self._activations, self._all = recording, Activations(), None
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

    def _activations_came(self, found: Activations) -> None:
        if found != self._activations:
            self._activations = found
            self._shown, self._fresh = None, True
            self._refresh()

    def _show_tree(self, root: Branch, step: int) -> None:
        recording, known, every = self._session.recording, self._activations, self._all
        found, again = known.found, True
        if every is not None and every.holds_at(step, known.root):
            found, again = every.found, step > every.step
            add_modules(root, every.kinds)
        self.all_of_them.setVisible(again)
        given = [one for one in found if 0 <= one.made <= step]
        add_activations(root, given)
        seen = self._seen()
        self._table.set_tree(root, recording.changed_paths(step))
        self._open_again(root, seen)
        told = [_told(branch) for branch in root.children]
        self._words = " ".join((*told, *_made_words(recording, given)))
        self.sentence.setMinimumHeight(0)
        self.sentence.setText(self._words)

    def _brief_of(self, branch: Branch) -> Brief | None:
        step = branch.step if branch.kind else self._session.moment.step
        return self._briefs.of(step, branch.card) if branch.card is not None else None

    def _seen(self) -> dict[str, bool]:
        """The paths of all rows that can be seen, and which of them are open."""
        found = {}
        waiting = [self._table.index(row, 0) for row in range(self._table.rowCount())]
        while waiting:
            index = waiting.pop()
            opened = found[self._table.branch(index).path] = self.tree.isExpanded(index)
            rows = range(self._table.rowCount(index) if opened else 0)
            waiting.extend(self._table.index(row, 0, index) for row in rows)
        return found

    def _open_again(self, root: Branch, seen: dict[str, bool]) -> None:
        """Open what was open; of a small tree also what was not there before."""
        small = sum(1 for _ in root.leaves()) <= OPEN_AT_MOST
        waiting = [self._table.index(row, 0) for row in range(len(root.children))]
        while waiting:
            index = waiting.pop()
            branch = self._table.branch(index)
            if branch.children and seen.get(branch.path, small):
                self.tree.setExpanded(index, True)
                rows = range(len(branch.children))
                waiting.extend(self._table.index(row, 0, index) for row in rows)

    def _look(self, index: QModelIndex) -> None:
        branch = self._table.branch(index)
        self.sentence.setText(self._words)
        if branch.card is None:
            if branch.kind:
                self._session.note("The numbers of this output are not in the recording.")
                self.sentence.setMinimumHeight(self.sentence.height())  # rows stay where they are
                self.sentence.setText(_not_there(branch))
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


def _made_words(recording: Recording, given: list[Activation]) -> list[str]:
    """When outputs were made, and where they are from."""
    made = [one.made for one in given]
    if not made:
        return []
    first, last = (recording.steps.label(step) for step in (min(made), max(made)))
    steps = f"step {first}" if first == last else f"steps {first} to {last}"
    kept = "backward had kept them" if any(one.card is not None for one in given) else ""
    seen = "they were when the program ran again" if any(one.again for one in given) else ""
    how = f"as {kept}; grey ones as {seen}" if kept and seen else f"as {kept or seen}"
    return [f"Outputs are those of {steps}{', ' + how if kept or seen else ''}."]


def _not_there(branch: Branch) -> str:
    """Why the numbers of an output cannot be looked at."""
    where = branch.path.removesuffix(branch.label).strip()
    words = f"The numbers of this output of {where} are not in the recording: nothing kept them."
    if branch.again is None:
        return f"{words} The button beside this runs the program again to see their range."
    return (
        f"{words} Their range was seen when the program ran again. {branch.again.sentence}".rstrip()
    )


def _nothing(steps: int) -> str:
    if not steps:
        return "Run a program that makes an nn.Module: its parameters appear here as a tree."
    return "No name leads to an nn.Module at this step. Step to where one has been made."
