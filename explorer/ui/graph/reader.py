"""Asks the worker for graphs and for what it knows of their nodes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.graph.drawing import CARDS_UP_TO
from explorer.model.graph.reading import AutogradGraph, read_autograd
from explorer.model.graph.subject import Subject
from explorer.protocol.autograd import Graph, Node, ReadGraph, ReadNode
from explorer.protocol.running import Failed
from explorer.ui.session import Session

PATIENCE_MS = 250
"""How long a small graph waits for the formulas of its nodes before it is drawn without."""

MOST_ROOTS = 24


class GraphReader(QObject):
    """Reads one graph at a time; the answer to an earlier question is dropped."""

    arrived = Signal(object)
    """An `AutogradGraph`; what is known of its nodes is in ``nodes``."""
    learned = Signal()
    """What nodes are like that were not waited for any longer."""
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._asked = 0
        self._waiting: set[int] = set()
        self._late: set[int] = set()
        self._graph: AutogradGraph | None = None
        self._subject: Subject | None = None
        self.nodes: dict[int, Node] = {}
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._hand_over)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._subject is not None

    def read(self, subject: Subject) -> None:
        """Ask for the graph of a subject; `arrived` or `failed` tells of it."""
        self.give_up()
        if self._run != self._session.run.serial:
            self._run = self._session.run.serial
            self.nodes.clear()
        self._subject = subject
        self._ask(subject.nodes)

    def give_up(self) -> None:
        """Forget what was asked."""
        self._session.cancel(self._asked)
        self._patience.stop()
        self._waiting.clear()
        self._asked = 0
        self._graph = self._subject = None

    def _ask(self, roots: tuple[int, ...]) -> None:
        self._asked = self._session.ask(
            ReadGraph(roots), partial(self._graph_came, roots), self._fail, self
        )

    def _graph_came(self, roots: tuple[int, ...], answer: Graph) -> None:
        try:
            graph = read_autograd(answer)
        except ValueError as err:
            self._fail(Failed(str(err), "bad"))
            return
        further = self._further_root(graph)
        if further and len(roots) < MOST_ROOTS:
            self._ask((*roots, further))
            return
        self._graph = graph
        if len(graph) <= CARDS_UP_TO:
            self._ask_for_nodes(graph)
        if self._waiting:
            self._patience.start()
        else:
            self._hand_over()

    def _further_root(self, graph: AutogradGraph) -> int:
        """The first node that ran in the pass and is not in the graph: another root; 0: none."""
        assert self._subject is not None
        if not self._subject.inside:
            return 0
        known = set(graph.node.tolist())
        steps = self._session.recording.steps.nodes
        for step in self._subject.steps:
            node = steps.get(step)
            if node is not None and node.node and node.node not in known:
                return node.node
        return 0

    def _ask_for_nodes(self, graph: AutogradGraph) -> None:
        unknown = [node for node in graph.node.tolist() if node not in self.nodes]
        self._waiting, self._late = set(unknown), set()
        for node in unknown:
            failed = partial(self._node_failed, node)
            self._session.ask(ReadNode(node), self._node_came, failed, self)

    def _node_came(self, answer: Node) -> None:
        self.nodes[answer.node] = answer
        self._node_done(answer.node)

    def _node_failed(self, node: int, failed: Failed) -> None:
        self._node_done(node)

    def _node_done(self, node: int) -> None:
        if node in self._waiting:
            self._waiting.discard(node)
            if not self._waiting:
                self._hand_over()
        elif node in self._late:
            self._late.discard(node)
            if not self._late:
                self.learned.emit()

    def _hand_over(self) -> None:
        graph, self._graph = self._graph, None
        self._patience.stop()
        self._late, self._waiting = self._waiting, set()
        self._subject = None
        if graph is not None:
            self.arrived.emit(graph)

    def _fail(self, failed: Failed) -> None:
        self.give_up()
        self.failed.emit(failed.sentence)
