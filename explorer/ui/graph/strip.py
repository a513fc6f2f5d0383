"""The derivative of one node of the graph, set as in a book, and with the numbers of a cell."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from explorer.model.graph.drawing import DrawnGraph
from explorer.protocol.autograd import FormulaCell, Node, ReadNode
from explorer.protocol.recording import NodeStep
from explorer.protocol.running import Failed
from explorer.ui.graph.formula import cell_of_gradient, formula_request
from explorer.ui.session import Session
from explorer.ui.tensors.row_words import number_text
from explorer.ui.widgets.hair_line import HairLine
from explorer.ui.widgets.maths_view import MathsView

MOST_EDGES = 3


class GraphStrip(QWidget):
    """Stands below the graph while a node runs or is chosen; else it is not there."""

    changed = Signal()
    """Another formula is shown, or its numbers have come."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._known: dict[int, Node] = {}
        self._key: tuple[int, int, tuple[int, ...]] = (0, -1, ())
        self._asked = 0
        self.title = QLabel(self)
        self.title.setObjectName("muted")
        self.title.setWordWrap(True)
        self.title.setContentsMargins(6, 0, 6, 0)
        self.edges = [MathsView(self) for _ in range(MOST_EDGES)]
        self.numbers = MathsView(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 6, 4)
        column.setSpacing(0)
        column.addWidget(HairLine(self))
        column.addSpacing(4)
        for widget in (self.title, *self.edges, self.numbers):
            column.addWidget(widget)
        self.hide()

    def show_row(self, drawn: DrawnGraph | None, row: int, ran_at: int) -> None:
        """Show a row of a drawn graph (-1: none); ``ran_at`` is the step at which it ran."""
        node = 0
        if drawn is not None and 0 <= row < len(drawn.autograd):
            node = int(drawn.autograd.node[row])
        if self._run != self._session.run.serial:
            self._run = self._session.run.serial
            self._known.clear()
        if not node:
            self._key = (0, -1, ())
            self.hide()
            return
        recording, moment = self._session.recording, self._session.moment
        ran = recording.steps.nodes.get(ran_at)
        edge = _edge_that_gave(ran)
        cell = cell_of_gradient(recording, moment, ran.grads_out[edge]) if ran and edge >= 0 else ()
        if (node, ran_at, cell) == self._key:
            return
        self._key = (node, ran_at, cell)
        self._session.cancel(self._asked)
        known = self._known.get(node)
        if known is not None:
            self._show(known)
        else:
            self._asked = self._session.ask(ReadNode(node), self._came, self._failed, self)

    def _came(self, node: Node) -> None:
        self._known[node.node] = node
        if node.node == self._key[0]:
            self._show(node)

    def _failed(self, failed: Failed) -> None:
        self.hide()

    def _show(self, node: Node) -> None:
        formulas: dict[str, tuple[list[str], str]] = {}
        for edge in node.edges:
            if edge.node and edge.latex:
                formulas.setdefault(edge.latex, ([], edge.text))[0].append(edge.argument)
        self._title(node, len(formulas))
        rows = list(formulas.items())[:MOST_EDGES]
        for view in self.edges:
            view.hide()
        for view, (latex, (arguments, text)) in zip(self.edges, rows, strict=False):
            before = "∂" + ", ∂".join(arguments)
            view.show_formula(before, latex, f"{before} = {text}")
            view.show()
        self.numbers.hide()
        self.setVisible(bool(self.title.text()))
        self._ask_numbers(node)
        self.changed.emit()

    def _title(self, node: Node, formulas: int) -> None:
        name = node.name.rpartition("::")[2]
        words = f"{name}: {node.words}" if node.words and not formulas else name
        more = f", {formulas - MOST_EDGES} more formulas" if formulas > MOST_EDGES else ""
        recording = self._session.recording
        line = ""
        if 0 <= node.made < len(recording) and not node.leaf:
            made = recording.step(node.made)
            line = f", line {made.statement.line}"
            if made.node is not None:
                line += f", made while {made.node.name} ran in backward (step {made.label})"
        self.title.setText(f"{words}{line}{more}")

    def _ask_numbers(self, node: Node) -> None:
        _, ran_at, cell = self._key
        recording = self._session.recording
        ran = recording.steps.nodes.get(ran_at)
        edge = _edge_that_gave(ran)
        if ran is None or not 0 <= edge < len(node.edges):
            return
        request = formula_request(recording, node, ran, edge, cell)
        if request is not None:
            came = partial(self._numbers_came, self._key)
            self._asked = self._session.ask(request, came, self._no_numbers, self)

    def _no_numbers(self, failed: Failed) -> None:
        """Some formulas cannot be filled in; then there is no line of numbers."""

    def _numbers_came(self, key: tuple[int, int, tuple[int, ...]], answer: FormulaCell) -> None:
        if key != self._key:
            return
        place = f"[{', '.join(map(str, key[2]))}]" if key[2] else "in numbers"
        value = number_text(answer.value)
        alone = not set(answer.text) - set("0123456789.-−e+")
        latex = value if alone else f"{answer.latex} = {value}"
        words = f"{place}: {value}" if alone else f"{place}: {answer.text} = {value}"
        self.numbers.show_formula(place, latex, words)
        self.numbers.show()
        self.changed.emit()


def _edge_that_gave(ran: NodeStep | None) -> int:
    """The first edge along which a node sent a gradient; -1: none."""
    if ran is None:
        return -1
    return next((slot for slot, tensor in enumerate(ran.grads_out) if tensor), -1)
