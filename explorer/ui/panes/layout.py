"""The layout pane: the chosen tensor's storage as a row of numbers, and who else looks into it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.model.layout.pointed import Pointed
from explorer.model.layout.sharers import Sharer, place_words
from explorer.model.layout.view import LayoutView, layout_view
from explorer.model.layout.why import Piece, arithmetic, plain
from explorer.model.strides import indices_of, place_of
from explorer.ui.layout.html import facts_html, pieces_html
from explorer.ui.layout.index import LayoutIndex
from explorer.ui.layout.pointing import Pointing
from explorer.ui.layout.sharers_table import SharersTable
from explorer.ui.layout.sharers_view import SharersView
from explorer.ui.layout.strip_reader import StripReader
from explorer.ui.layout.write_reader import WriteReader
from explorer.ui.session import Session
from explorer.ui.theme import appearance, mono_font, theme
from explorer.ui.widgets.numbers.dim_boxes import DimBoxes
from explorer.ui.widgets.scrolled_page import ScrolledPage
from explorer.ui.widgets.storage.storage_strip import StorageStrip
from explorer.ui.widgets.storage.strip_content import Layer, StripContent

MOST_TRACKS = 5
NO_RUN = "Run a program: the storage of the chosen tensor is drawn here."
NOT_YET = "The steps before this one are still being gone through: who shares which storage …"


class LayoutPane(QWidget):
    """Draws one `LayoutView`; a place that is chosen becomes the moment's cell."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._index = LayoutIndex.of(session)
        self._writes = WriteReader(session, self)
        self._pointing = Pointing.of(session)
        self.view: LayoutView | None = None
        self.title = QLabel(self)
        self.sum = QLabel(self)
        self.strip = StorageStrip(self)
        self._reader = StripReader(session, self.strip)
        self.failed = DimBoxes(self)
        self.why = QLabel(self)
        self.facts = QLabel(self)
        self.sharers = SharersTable(self)
        self._table: SharersView | None = None
        self.empty = QLabel(self)
        self._pages = QStackedWidget(self)
        self._place: int | None = None
        self._lay_out()
        self._connect()
        self._refresh()

    # Made once.

    def _lay_out(self) -> None:
        self.title.setObjectName("muted")
        self.sum.setTextFormat(Qt.TextFormat.RichText)
        self.sum.setFont(mono_font(13))
        for label in (self.why, self.facts, self.empty):
            label.setWordWrap(True)
            label.setObjectName("muted")
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.sum, self.why, self.facts):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.title, self.sum):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        for text, tip, act in (
            ("−", "Zoom out (key −, or Ctrl and the wheel)", lambda: self.strip.zoom_by(1)),
            ("+", "Zoom in (key +)", lambda: self.strip.zoom_by(-1)),
        ):
            head.addWidget(self._button(text, tip, act))
        self.bytes = self._button("bytes", "Show byte addresses (key B)", self._toggle_bytes)
        self.bytes.setCheckable(True)
        head.addWidget(self.bytes)
        page = ScrolledPage("Layout", self)
        self._column = column = page.column
        column.setContentsMargins(12, 4, 10, 6)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self.sum)
        column.addWidget(self.strip, 3)
        column.addWidget(self.failed)
        column.addWidget(self.why)
        column.addWidget(self.facts)
        column.addStretch(1)
        self._pages.addWidget(page)
        self._pages.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def _button(self, text: str, tip: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("flat")
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        assert callable(act)
        button.clicked.connect(act)
        return button

    def _connect(self) -> None:
        self._session.turns.on_moment(self._refresh)
        self._index.grown.connect(self._grown)
        self._writes.arrived.connect(self._show_writes)
        self.strip.place_chosen.connect(self._choose_place)
        self.strip.place_hovered.connect(self._point)
        self._pointing.changed.connect(self._show_pointed)
        self.strip.bytes_toggled.connect(self.bytes.setChecked)
        appearance().changed.connect(self._show)

    @property
    def table(self) -> SharersView:
        """Who else looks into the storage, made when there is somebody for the first time."""
        if self._table is None:
            self._table = SharersView(self.sharers, self)
            self._table.row_chosen.connect(self._row_chosen)
            self._column.insertWidget(self._column.count() - 1, self._table)
        return self._table

    # The moment.

    def _grown(self) -> None:
        step = self._session.moment.step
        stale = self.view is None or self.view.step != step
        if stale and self._index.knows(step):
            self._session.turns.ask(self._refresh)

    def _refresh(self) -> None:
        moment = self._session.moment
        recording = self._session.recording
        if moment.step < 0 or not self._index.knows(moment.step):
            self.view = None
            self._empty_page(NO_RUN if moment.step < 0 else NOT_YET)
            return
        self.view = layout_view(recording, self._index.holders, moment)
        if self.view.sentence:
            self._empty_page(self.view.sentence)
            return
        self._show()

    def _empty_page(self, sentence: str) -> None:
        self.empty.setText(sentence)
        self._pages.setCurrentIndex(1)
        self.strip.set_changed([])
        self._reader.read_from(0, "", 0)

    def _show(self) -> None:
        view = self.view
        if view is None or view.layout is None or view.card is None:
            return
        self._pages.setCurrentIndex(0)
        content = view.content.id if view.content is not None else 0
        dropped = self._session.recording.dropped.get(content)
        self._reader.read_from(0 if dropped else content, view.card.kind.dtype, view.length)
        self.strip.show_storage(_strip_content(view, content))
        colour = theme().storage_colour(view.letter).name()
        self.title.setText(f'<span style="color:{colour}">■</span> {view.title}')
        self.title.setAccessibleName(view.title)
        self.failed.setVisible(view.failure is not None)
        if view.failure is not None:
            self.failed.show_layout(view.failure.layout, view.failure.straddle)
        self.facts.setText(facts_html(view.facts))
        self.sharers.show_sharers(list(view.everyone), view.letter, view.card.tensor)
        if len(view.everyone) > 1 or self._table is not None:
            self.table.fit(len(view.everyone))
        self._place = None
        if view.cell is not None:
            self._place = place_of(view.layout, view.cell)
        self._mark_place()
        self._show_writes(dropped)

    def _show_writes(self, dropped: str = "") -> None:
        view = self.view
        if view is None or view.layout is None:
            return
        told = list(view.sentences) if view.failure is None else []
        seen = self._writes.seen(view.step)
        here = [one for one in seen or [] if one.write.storage == view.storage]
        ranges = [pair for one in here for pair in one.written.ranges]
        unit = view.unit
        self.strip.set_changed([(start // unit, -(-stop // unit)) for start, stop in ranges])
        written = view.write_sentence(here)
        failed = view.failure.sentence if view.failure is not None else ""
        self.why.setText(" ".join(one for one in (dropped, failed, written, *told) if one))

    # Places.

    def _mark_place(self) -> None:
        view, place, words = self.view, self._place, ""
        if view is not None and place is not None:
            words = f"It is {place_words(view.everyone, place, view.unit)}."
        self.strip.set_current(place, words)
        self._show_sum(None)

    def _show_sum(self, hovered: int | None) -> None:
        """The arithmetic of the chosen cell, or of the place under the pointer."""
        view = self.view
        if view is None or view.layout is None:
            return
        place = self._place if hovered is None else hovered
        if place is None:
            self.sum.setText(pieces_html(view.general))
            return
        index = view.cell
        if index is None or place_of(view.layout, index) != place:
            found = indices_of(view.layout, place, limit=1)
            index = found[0] if found else None
        if index is not None:
            pieces = arithmetic(view.name, view.layout, index)
            others = [one for one in view.everyone if one.card.tensor != view.tensor]
            rest = place_words(others, place, view.unit) if others else ""
            if rest and not rest.startswith("no name"):
                pieces = (*pieces, Piece(f"   also {rest}", "muted"))
        else:
            words = place_words(view.everyone, place, view.unit)
            pieces = (Piece(f"place {place}: not reached by {view.name}; {words}"),)
        self.sum.setText(pieces_html(pieces))
        self.sum.setAccessibleName(plain(pieces))

    def _point(self, place: int | None) -> None:
        """Another place of the strip is under the pointer."""
        view = self.view
        if view is None or place is None:
            self._pointing.point(None)
        else:
            self._pointing.point(Pointed(view.storage, place * view.unit))

    def _show_pointed(self) -> None:
        """Light up the byte that is pointed at here or in another pane."""
        view, pointed = self.view, self._pointing.pointed
        place = None
        if view is not None and pointed is not None and pointed.storage == view.storage:
            place = pointed.byte // view.unit
        self.strip.set_hovered(place)
        self.sharers.set_pointed(pointed)
        self._show_sum(place)

    def _choose_place(self, place: int) -> None:
        view = self.view
        if view is None or view.layout is None:
            return
        found = indices_of(view.layout, place, limit=1)
        self._place = place
        if found and found[0] != view.cell:
            self._session.look(self._session.moment.on_cell(found[0]))
        else:
            self._mark_place()

    def _row_chosen(self, row: int) -> None:
        sharer = self.sharers.sharer(row)
        if sharer is None:
            return
        name = _name_here(sharer)
        pinned = name is None
        title = name or sharer.names[0]
        moment = self._session.moment
        self._session.look(moment.on_tensor(sharer.card.tensor, title, pinned=pinned))

    def _toggle_bytes(self) -> None:
        self.strip.set_bytes_shown(not self.strip.bytes_shown)


def _name_here(sharer: Sharer) -> str | None:
    """A name that the step itself sees; None for a gradient or another function's name."""
    for name in sharer.names:
        if " in " not in name and not name.endswith(".grad"):
            return name
    return None


def _strip_content(view: LayoutView, content: int) -> StripContent:
    layers = [Layer(one.title, one.layout, one.card.kind.itemsize) for one in view.everyone]
    chosen, others = layers[0], layers[1:]
    assert view.layout is not None and view.card is not None
    key = (content, view.card.kind.dtype, view.length)
    row = view.layout.shape[-1] if view.layout.ndim else 1
    if view.layout.ndim > 1 and view.layout.stride[-1] != 1:
        row = max(view.layout.stride)
    return StripContent(
        key,
        view.length,
        view.unit,
        view.letter,
        chosen,
        tuple(others[:MOST_TRACKS]),
        row,
        view.rest,
    )
