"""Turns the moment into a picture of a graph, its marks and its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.graph.cuts import DrawnCut, cuts_of
from explorer.model.graph.drawing import DrawnGraph, draw
from explorer.model.graph.folded import NO_CHOICES, FoldedGraph
from explorer.model.graph.moment import Gradients, gradients, marks
from explorer.model.graph.origins import origins
from explorer.model.graph.reading import AutogradGraph
from explorer.model.graph.subject import Subject, named_tensors, results_of_nodes, subject_at
from explorer.model.graph.texts import GraphMarks
from explorer.model.graph.words import backward_sentence, graph_sentence
from explorer.model.tensor_words import short_card
from explorer.ui.graph.builder import GraphBuilder
from explorer.ui.graph.formula import FormulaReader
from explorer.ui.graph.job import Built, Wish, common_node, picture_job, results_of
from explorer.ui.graph.pages import why_empty
from explorer.ui.graph.reader import GraphReader
from explorer.ui.graph.sums import GraphSums
from explorer.ui.graph.tints import GraphTints
from explorer.ui.session import Session
from explorer.ui.tensors.briefs import BriefReader
from explorer.ui.tensors.row_words import range_words
from explorer.ui.widgets.graph.picture import Picture

PATIENCE_MS = 120
"""After so long without a picture the pane says that it is waiting."""

MOST_CUT = 2_000
"""A graph of more nodes keeps the cuts that were known when it was read."""


class GraphShow(QObject):
    """Follows the session; whoever shows the graph listens."""

    pictured = Signal(object, object, bool)
    """A `Picture`; a node of the picture before and the same in this one, or (-1, -1); whether it
    is another graph than before."""
    marked = Signal(object)
    said = Signal(str)
    paged = Signal(str, str)
    """``graph``, ``empty``, ``waiting`` or ``failed``, and its sentence."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.subject: Subject | None = None
        self.drawn: DrawnGraph | None = None
        self.picture: Picture | None = None
        self.gradients: Gradients | None = None
        self.marks = GraphMarks()
        self.names: dict[int, str] = {}
        self.wish = Wish()
        self._tensor_names: dict[int, str] = {}
        self._cuts: list[DrawnCut] = []
        self._wanted: Subject | None = None
        self._learned_meanwhile = False
        """Whether formulas came while another picture was on its way."""
        self._run = session.run.serial
        self._reader = GraphReader(session, self)
        self._builder = GraphBuilder(self)
        self._briefs = BriefReader(session, self)
        self._formulas = FormulaReader(session, self)
        self._sums = GraphSums(session, self)
        self.tints = GraphTints(session, self)
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        self._reader.arrived.connect(self._graph_came)
        self._reader.failed.connect(self._failed)
        self._reader.learned.connect(self._learned)
        self._builder.built.connect(self._built)
        self._builder.failed.connect(self._failed)
        self._briefs.arrived.connect(self._mark)
        self._formulas.arrived.connect(self._mark)
        self._sums.arrived.connect(self._mark)
        self.tints.changed.connect(self._mark)
        self._patience.timeout.connect(self._wait)

    def refresh(self) -> None:
        """Look at the moment: another graph is read, the same one gets other marks."""
        if self._run != self._session.run.serial:
            self._forget()
        found = subject_at(self._session.recording, self._session.moment, self.subject)
        if found is None:
            self._empty()
        elif found.same_graph(self.subject) and self.drawn is not None:
            self._wanted = None
            self.subject = found
            self._reader.give_up()
            self._patience.stop()
            self.paged.emit("graph", "")
            self._mark()
            self._draw_cuts(found)
        elif found.same_graph(self._wanted):
            self._wanted = found  # the graph on its way is right, the moment has moved on
        else:
            self._wanted = found
            self._patience.start()
            self._reader.read(found)

    @property
    def ready(self) -> bool:
        """Whether the graph of the moment is there, with nothing on its way."""
        return self.drawn is not None and self._wanted is None and not self._builder.busy

    def give_up(self) -> None:
        """Forget the graph that is on its way."""
        self._reader.give_up()
        self._builder.give_up()
        self._patience.stop()
        self._wanted = None

    # -- how it is drawn ---------------------------------------------------------------------------

    def turn(self, upwards: bool) -> None:
        """Results above, or leaves."""
        self.wish = replace(self.wish, upwards=upwards)
        if self.picture is not None and not self._builder.busy:
            self._draw_again(self.picture.folded.turned(upwards=upwards))

    def set_flat(self, flat: bool) -> None:
        """With folding or without."""
        self.wish = replace(self.wish, flat=flat)
        if self.drawn is not None:
            drawn = self.drawn
            self._build(lambda: drawn, len(drawn.columns))

    def fold(self, group: int, is_open: bool) -> None:
        """Open or close a group."""
        if self.picture is not None and not self._builder.busy:
            self.picture.folded.set_open(group, is_open)
            self._draw_again(self.picture.folded)

    def unfold(self, label: str) -> bool:
        """Open the group of this name and those around it; whether there is one."""
        if self.picture is None or not self.picture.folded.unfold(label):
            return False
        self._draw_again(self.picture.folded)
        return True

    def fold_all(self, is_open: bool) -> None:
        """Open or close every group."""
        if self.picture is not None and not self._builder.busy:
            folded = self.picture.folded
            for group in range(1, len(folded.groups)):
                folded.set_open(group, is_open)
            self._draw_again(folded)

    def reveal(self, node: int) -> None:
        """Open all groups around a node."""
        if self.picture is None or self._builder.busy:
            return
        folded = self.picture.folded
        place = int(folded.skeleton.place[node])
        if place >= 0:
            before = set(folded.open)
            folded.reveal(place)
            if folded.open != before:
                self._draw_again(folded)

    def _draw_again(self, folded: FoldedGraph) -> None:
        assert self.picture is not None
        drawn, texts, cards = self.drawn, self.picture.texts, self.picture.cards
        assert drawn is not None
        size = len(self.picture.scene.box) if len(folded.skeleton) > 2000 else 0
        self._builder.build(
            lambda: Built(drawn, Picture(folded, folded.scene(), texts, cards)), size // 8
        )

    # -- the way of a graph ------------------------------------------------------------------------

    def _graph_came(self, graph: AutogradGraph) -> None:
        if self._wanted is None:
            return
        self._draw(graph, self._wanted, self._cuts_of(graph))

    def _cuts_of(self, graph: AutogradGraph) -> list[DrawnCut]:
        leaves = set(graph.leaf[graph.leaf > 0].tolist())
        return cuts_of(self._session.recording, self._session.moment.step, graph, leaves)

    def _draw(self, graph: AutogradGraph, subject: Subject, cuts: list[DrawnCut]) -> None:
        recording, step = self._session.recording, self._session.moment.step
        self._cuts = cuts
        leaves = set(graph.leaf[graph.leaf > 0].tolist())
        saved = {one.tensor for node in self._reader.nodes.values() for one in node.saved}
        named = named_tensors(recording, step, leaves | saved | {subject.tensor})
        self.names = results_of_nodes(recording, step)
        results = results_of(graph, subject, named, self.names)
        made_by = origins(recording, graph.made)
        self._tensor_names = {tensor: one.name for tensor, one in named.items()}
        self._build(lambda: draw(graph, made_by, named, results, cuts), len(graph))

    def _learned(self) -> None:
        """The formulas of a graph that was drawn without them have come."""
        drawn = self.drawn
        self._learned_meanwhile = self._wanted is not None or self._builder.busy
        if drawn is not None and drawn.cards and not self._learned_meanwhile:
            saved = {one.tensor for node in self._reader.nodes.values() for one in node.saved}
            named = named_tensors(self._session.recording, self._session.moment.step, saved)
            self._tensor_names |= {tensor: one.name for tensor, one in named.items()}
            self._build(lambda: drawn, len(drawn.columns))

    def _draw_cuts(self, subject: Subject) -> None:
        """The same graph at another step may have been cut at more places, or at fewer."""
        drawn = self.drawn
        if drawn is not None and len(drawn.autograd) <= MOST_CUT and not self._builder.busy:
            cuts = self._cuts_of(drawn.autograd)
            if cuts != self._cuts:
                self._draw(drawn.autograd, subject, cuts)

    def _build(self, make: Callable[[], DrawnGraph], size: int) -> None:
        if self.picture is not None and len(self.picture.folded.groups) > 1:
            self.wish = replace(self.wish, choices=self.picture.folded.choices())
        job = picture_job(make, self._reader.nodes, self._tensor_names, self.wish)
        self._builder.build(job, size)

    def _built(self, built: Built) -> None:
        before, drawn, picture = self.drawn, built.drawn, built.picture
        another = drawn is not before
        anchor = common_node(before, drawn) if another else (-1, -1)
        self.drawn, self.picture = drawn, picture
        if another:
            self.gradients = None
            if self._wanted is not None:
                self.subject, self._wanted = self._wanted, None
        self._patience.stop()
        self.paged.emit("graph", "")
        self.pictured.emit(picture, anchor, another)
        self._mark()
        if self._learned_meanwhile:
            self._learned()

    # -- the moment --------------------------------------------------------------------------------

    def gist(self, tensor: int) -> str:
        """``f32[3, 4] = 0.0833`` for a tensor at the moment; what is not known is asked for."""
        step = self._session.moment.step
        card = self._session.recording.card(step, tensor)
        if card is None:
            return ""
        brief = self._briefs.of(step, card)
        words = short_card(card)
        return words if brief is None else f"{words} = {range_words(card, brief)}"

    def _mark(self) -> None:
        drawn, subject = self.drawn, self.subject
        if drawn is None or subject is None:
            return
        recording, step = self._session.recording, self._session.moment.step
        if subject.steps and (self.gradients is None or self.gradients.steps != subject.steps):
            self.gradients = gradients(recording, drawn, subject.steps)
        found = self.gradients if subject.steps else None
        self.names = results_of_nodes(recording, step)
        made = marks(recording, step, drawn, subject, found, self.gist, self.names)
        tint, colours = self.tints.tint(drawn, subject.nodes[0], subject.steps)
        summed = self._sums.words(drawn, found, made.running) if made.running >= 0 else ""
        lines = [line for line in (summed, self._formula_of(drawn, made.running)) if line]
        numbers = {made.running: "\n".join(lines)} if lines else {}
        bars = self._bars(found, made.edge_text) if found is not None else {}
        self.marks = made = replace(made, numbers=numbers, tint=tint, edge_bars=bars)
        self.marked.emit(made)
        if subject.inside:
            said = backward_sentence(recording, step, drawn, subject, found, self.gist)
            said = f"{said} Added up: {summed}." if summed else said
        else:
            said = graph_sentence(drawn, subject, self._session.moment.name)
        self.said.emit(f"{said} {colours}".strip())

    def _bars(self, found: Gradients, edges: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """How the numbers of the gradients on some edges are spread."""
        recording, step = self._session.recording, self._session.moment.step
        bars = {}
        for edge in edges:
            card = recording.card(step, int(found.edge_tensor[edge]))
            brief = self._briefs.of(step, card) if card is not None and card.numel > 1 else None
            if brief is not None and brief.bars:
                bars[edge] = brief.bars
        return bars

    def _formula_of(self, drawn: DrawnGraph, running: int) -> str:
        """The formula of the node that runs with numbers put in, where there is a card for it."""
        if running < 0 or not drawn.cards:
            return ""
        node = self._reader.nodes.get(int(drawn.autograd.node[running]))
        return self._formulas.words(node) if node is not None else ""

    def _empty(self) -> None:
        self._forget_graph()
        recording, step = self._session.recording, self._session.moment.step
        self.paged.emit("empty", why_empty(recording, step))

    def _wait(self) -> None:
        name = self._wanted.name if self._wanted is not None and self._wanted.name else "the graph"
        self.paged.emit("waiting", f"Reading the graph of {name}.")

    def _failed(self, sentence: str) -> None:
        self._forget_graph()
        self.paged.emit("failed", sentence)

    def _forget_graph(self) -> None:
        self._reader.give_up()
        self._builder.give_up()
        self._patience.stop()
        self.subject = self._wanted = self.drawn = self.picture = self.gradients = None

    def _forget(self) -> None:
        self._run = self._session.run.serial
        self.wish = replace(self.wish, choices=NO_CHOICES)
        self._forget_graph()
