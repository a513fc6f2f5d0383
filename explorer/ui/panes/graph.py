"""Graph: what made a tensor, and how gradients walk back through it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.model.graph.columns import NodeKind
from explorer.model.graph.moment import gradient_name
from explorer.model.graph.walk import search
from explorer.model.graph.words import edge_words, group_words, node_words
from explorer.ui.graph.bar import GraphBar
from explorer.ui.graph.files import CannotSave, save_graph
from explorer.ui.graph.gestures import GraphGestures
from explorer.ui.graph.pages import NOTHING_RUN
from explorer.ui.graph.show import GraphShow
from explorer.ui.graph.strip import GraphStrip
from explorer.ui.session import Session
from explorer.ui.theme import appearance
from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.view import GraphView


class GraphPane(QWidget):
    """The graph of the chosen tensor, or inside backward that of backward's root."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._finds: list[int] = []
        self._find = -1
        self._followed = -1
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._show_running)
        self.graph = GraphShow(session, self)
        self.bar = GraphBar(self)
        self.view = GraphView(self)
        self.gestures = GraphGestures(session, self.graph.tints, self.bar, self.view, self)
        self.page = QLabel(NOTHING_RUN, self)
        self.page.setObjectName("muted")
        self.page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page.setWordWrap(True)
        self.page.setContentsMargins(32, 0, 32, 0)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        self.strip = GraphStrip(session, self)
        self.strip.changed.connect(self._soon.start)
        column.addWidget(self.strip)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.page)
        self._pages.addWidget(inside)
        self._connect()

    def _connect(self) -> None:
        session, show, bar, view = self._session, self.graph, self.bar, self.view
        session.turns.on_moment(self._refresh)
        session.turns.on_recording(self._refresh)
        session.run_changed.connect(self._run_changed)
        show.pictured.connect(self._pictured)
        show.marked.connect(view.set_marks)
        show.marked.connect(lambda _: self._show_formula())
        show.said.connect(self._say)
        show.paged.connect(self._turn_to)
        view.describe = self._describe
        view.node_chosen.connect(self._node_chosen)
        view.edge_chosen.connect(self._edge_chosen)
        view.fold_wanted.connect(show.fold)
        view.view_changed.connect(self._show_formula)
        bar.fit_wanted.connect(view.fit)
        bar.turned.connect(show.turn)
        bar.flat_changed.connect(show.set_flat)
        bar.open_all_wanted.connect(lambda: show.fold_all(True))
        bar.close_all_wanted.connect(lambda: show.fold_all(False))
        bar.wheel_changed.connect(self._set_wheel)
        bar.search_changed.connect(self._search)
        bar.next_wanted.connect(self._go_to_find)
        bar.save_wanted.connect(self._save)
        appearance().changed.connect(view.update)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(bar.open_search)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the moment now that it can be seen."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: what is not there yet is not wanted any more."""
        self.graph.give_up()
        super().hideEvent(event)

    def _run_changed(self) -> None:
        self._session.turns.ask(self._refresh)

    def _refresh(self) -> None:
        if self.isVisible():
            self.graph.refresh()

    def _turn_to(self, page: str, sentence: str) -> None:
        """Show the graph, or a page that says why there is none."""
        self._pages.setCurrentIndex(1 if page == "graph" else 0)
        if page != "graph":
            self.page.setText(sentence)
            self.page.setAccessibleName(sentence)

    def _show_running(self) -> None:
        self.view.bring_into_view(self._followed)

    def _show_formula(self) -> None:
        """The derivative of the node that runs, else of the one that is chosen."""
        drawn, running = self.graph.drawn, self.graph.marks.running
        if running != self._followed:
            self._followed = running
            self.view.bring_into_view(running)
        row = running if running >= 0 else self.view.chosen_node()
        if drawn is not None and row >= len(drawn.autograd):
            row = -1
        ran_at = self._ran_at(row) if drawn is not None and row >= 0 else -1
        self.strip.show_row(drawn, row, ran_at)

    def _say(self, sentence: str) -> None:
        self.bar.say(sentence)
        self.view.setAccessibleDescription(sentence)

    def _pictured(self, picture: Picture, anchor: tuple[int, int], another: bool) -> None:
        self.view.show_picture(picture, anchor=anchor, fit=another and anchor[0] < 0)
        if another and picture.cards:
            self.view.fit_if_hidden()
        elif another:
            self.view.fit_if_lost()
        self.bar.set_direction(picture.scene.upwards)
        if another:
            self._search(self.bar.field.text())

    def _set_wheel(self, zooms: bool) -> None:
        self.view.wheel_zooms = zooms

    # -- from the picture to the other panes -------------------------------------------------------

    def _node_chosen(self, row: int) -> None:
        """Look at the tensor that a leaf or result is, or at the gradient into a node that ran."""
        drawn = self.graph.drawn
        if drawn is None:
            return
        cut = drawn.cuts.get(row)
        if cut is not None:
            moment = self._session.moment.at(cut.step)
            self._session.look(moment.on_tensor(cut.target, cut.name) if cut.name else moment)
            return
        named = drawn.named.get(row)
        if named is not None:
            if named.tensor:
                self._look(named.tensor, named.name, pinned=not named.name)
            return
        step = self._ran_at(int(drawn.autograd_row[row]))
        node = self._session.recording.steps.nodes.get(step)
        if node is not None and node.grads_in and node.grads_in[0]:
            self._look(node.grads_in[0], gradient_name(node, 0, into=True), pinned=True)
            return
        name = self.graph.names.get(int(drawn.autograd.node[drawn.autograd_row[row]]), "")
        self._look_at_name(name)

    def _edge_chosen(self, edge: int) -> None:
        """Look at the gradient that went along an edge, or at the tensor that flows there."""
        drawn, found = self.graph.drawn, self.graph.gradients
        if drawn is None:
            return
        user = int(drawn.autograd_row[drawn.columns.target[edge]])
        if found is not None and 0 <= found.edge_step[edge] <= self._session.moment.step:
            node = self._session.recording.steps.nodes.get(int(found.ran_at[user]))
            if found.edge_tensor[edge] and node is not None:
                into = drawn.columns.kind[drawn.columns.target[edge]] == NodeKind.RESULT
                slot = 0 if into else int(drawn.columns.target_slot[edge])
                name = gradient_name(node, slot, into=bool(into))
                self._look(int(found.edge_tensor[edge]), name, pinned=True)
                return
        maker = int(drawn.autograd_row[drawn.columns.source[edge]])
        self._look_at_name(self.graph.names.get(int(drawn.autograd.node[maker]), ""))

    def _ran_at(self, own: int) -> int:
        """The step up to the moment at which a node of autograd ran; -1: it did not."""
        found = self.graph.gradients
        step = int(found.ran_at[own]) if found is not None else -1
        return step if step <= self._session.moment.step else -1

    def _look_at_name(self, name: str) -> None:
        tensor = self._session.recording.tensor_named(self._session.moment.step, name)
        if tensor:
            self._look(tensor, name)

    def _look(self, tensor: int, name: str, *, pinned: bool = False) -> None:
        self._session.look(self._session.moment.on_tensor(tensor, name, pinned=pinned))

    def _describe(self, node: int, edge: int, group: int) -> str:
        """Words for what is under the pointer."""
        show = self.graph
        drawn, picture, recording = show.drawn, show.picture, self._session.recording
        if drawn is None or picture is None:
            return ""
        if node >= 0:
            own = int(drawn.autograd_row[node])
            ran = recording.steps.nodes.get(self._ran_at(own))
            given = show.gist(ran.grads_in[0]) if ran is not None and ran.grads_in else ""
            name = show.names.get(int(drawn.autograd.node[own]), "")
            return node_words(recording, drawn, node, given, name)
        if edge >= 0:
            found = show.gradients
            there = found is not None and 0 <= found.edge_step[edge] <= self._session.moment.step
            given = show.gist(int(found.edge_tensor[edge])) if found is not None and there else ""
            own = int(drawn.autograd_row[drawn.columns.source[edge]])
            return edge_words(drawn, edge, given, show.names.get(int(drawn.autograd.node[own]), ""))
        folded = picture.folded
        return group_words(folded.groups, folded.skeleton, group, group in folded.open)

    # -- search and files --------------------------------------------------------------------------

    def _search(self, pattern: str) -> None:
        """Find nodes by operation, name, shape or line."""
        drawn = self.graph.drawn
        self._find = -1
        self._finds = []
        if drawn is not None and pattern.strip():
            self._finds = search(self._search_words(), pattern).tolist()
        self.bar.say_found(0, len(self._finds))

    def _search_words(self) -> list[str]:
        drawn = self.graph.drawn
        assert drawn is not None
        own, line = drawn.autograd_row.tolist(), drawn.columns.line.tolist()
        ids, names = drawn.autograd.node.tolist(), self.graph.names
        words = []
        for row, name in enumerate(drawn.columns.name):
            at = f"line {line[row]}" if line[row] else ""
            made = names.get(ids[own[row]], "")
            words.append(f"{name} {made} {drawn.autograd.output_words(own[row])} {at}")
        return words

    def _go_to_find(self, way: int) -> None:
        """Show the next or the last find, opening what it is in."""
        if not self._finds:
            return
        self._find = (self._find + way) % len(self._finds) if self._find >= 0 else 0
        node = self._finds[self._find]
        self.graph.reveal(node)
        self.view.choose_node(node)
        self.bar.say_found(self._find + 1, len(self._finds))

    def _save(self, kind: str) -> None:
        """Ask for a place and write the graph there."""
        if self.graph.drawn is None or self.graph.picture is None:
            return
        name = (self.graph.subject.name if self.graph.subject is not None else "") or "graph"
        chosen, _ = QFileDialog.getSaveFileName(
            self, f"Save the graph as {kind.upper()}", f"{name}.{kind}", f"*.{kind}"
        )
        if chosen:
            self.save(Path(chosen), kind)

    def save(self, path: Path, kind: str) -> None:
        """Write the graph as ``svg``, ``png``, ``dot`` or ``json``; says how it went."""
        drawn, picture = self.graph.drawn, self.graph.picture
        if drawn is None or picture is None:
            return
        try:
            save_graph(path, kind, drawn, picture, self.graph.marks)
        except CannotSave as err:
            self._session.note(str(err))
        else:
            self._session.note(f"Saved the graph to {path}.")
