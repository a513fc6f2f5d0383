"""The values pane: the numbers of the chosen tensor, in every way there is to look at them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from explorer.model.numbers import TextStyle
from explorer.model.slicing import Slice
from explorer.model.values.plane import Plane, plane_of, plane_over
from explorer.model.values.view import Page, ValuesView, Wish, slice_text_of, values_view
from explorer.model.values.words import difference_words
from explorer.protocol.running import Failed
from explorer.ui.session import Session
from explorer.ui.values.bits_tab import BitsTab
from explorer.ui.values.choices import ValuesChoices
from explorer.ui.values.derivatives import ValuesDerivatives
from explorer.ui.values.foot import ValuesFoot
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.head import ValuesHead
from explorer.ui.values.heatmap_tab import HeatmapTab
from explorer.ui.values.histogram_tab import HistogramTab
from explorer.ui.values.image_tab import ImageTab
from explorer.ui.values.lines_tab import LinesTab
from explorer.ui.values.menu import ValuesMenu
from explorer.ui.values.pointing import ValuesPointing
from explorer.ui.values.reader import ValuesReader
from explorer.ui.values.tab import ValuesTab
from explorer.ui.widgets.message_page import MessagePage
from explorer.ui.widgets.numbers.dimension_bar import DimensionBar

TABS: tuple[tuple[str, type[ValuesTab]], ...] = (
    ("Values", GridTab),
    ("Heatmap", HeatmapTab),
    ("Histogram", HistogramTab),
    ("Lines", LinesTab),
    ("Image", ImageTab),
    ("Bits", BitsTab),
)


class ValuesPane(QWidget):
    """Resolves the moment and the user's wish into a `ValuesView`; the tabs draw it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.reader = ValuesReader(session, self)
        self.view = ValuesView()
        self.wish = Wish()
        self.style_of_text = TextStyle()
        self.menu = ValuesMenu(self)
        self.head = ValuesHead([title for title, _ in TABS], self.menu.menu, self)
        self.tabs, self.slice = self.head.tabs, self.head.slice
        self.dimensions = DimensionBar(self)
        self.note = QLabel(self)
        self.pages = QStackedWidget(self)
        self.message = MessagePage(self)
        self.foot = ValuesFoot(self)
        self._made: dict[int, ValuesTab] = {}
        self._local_cell: tuple[int, int] | None = None
        self._followed = session.moment.tensor
        self._refusal = ""
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._lay_out()
        self.derivatives = ValuesDerivatives(self)
        self.choices = ValuesChoices(self)
        self.pointing = ValuesPointing(self)
        self._connect()
        self.resolve()
        session.turns.ask(self._make_first_tab)

    def _lay_out(self) -> None:
        self.note.setWordWrap(True)
        self.note.setContentsMargins(12, 0, 10, 2)
        self.pages.addWidget(self.message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self.head.second)
        column.addWidget(self.note)
        column.addWidget(self.dimensions)
        column.addWidget(self.pages, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.session.turns.on_moment(self._moment_changed)
        self.session.turns.on_recording(self._recording_changed)
        self.session.run_changed.connect(self.reader.begin_run)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.slice.shape_of = self._shape_of_name
        self.slice.slice_typed.connect(self._slice_typed)
        self.slice.refused.connect(self._refuse)
        self.dimensions.plane_chosen.connect(self.choose_plane)
        self.menu.style_chosen.connect(self._choose_style)
        self.menu.wish_chosen.connect(self.choose_wish)
        self.reader.arrived.connect(self._soon.start)
        self.reader.failed.connect(self._failed)
        self.reader.asks.waiting_changed.connect(self.foot.show_waiting)
        self._soon.timeout.connect(self._arrived)

    # The view.

    def resolve(self) -> None:
        """Find out what is to be shown, and show it when it is something else."""
        view = values_view(
            self.session.recording, self.session.moment, self.wish, self.reader.shape_of
        )
        if view.cell is None and view.plane is not None and self._local_cell is not None:
            row, column = self._local_cell
            if row < view.plane.rows and column < view.plane.columns and self.wish.part:
                view = replace(view, cell=self._local_cell)
        view = self.derivatives.dressed(view)
        if view != self.view:
            self._show(view)

    def _show(self, view: ValuesView) -> None:
        before, self.view = self.view, view
        keep = (
            before.plane is not None
            and view.plane is not None
            and before.shape == view.shape
            and before.plane.axes == view.plane.axes
            and before.plane.dims == view.plane.dims
        )
        self.reader.look_at(view)
        self.menu.view = view
        names = view.card.kind.dim_names if view.card is not None else ()
        self.dimensions.show_plane(view.plane if view.page is None else None, names)
        self.head.show_slice(view.code, view.shape)
        self._refusal = ""
        self.show_note()
        self._show_page(view.page)
        tab = self._tab() if view.page is None else None
        if tab is not None:
            tab.show_view(view, self.style_of_text, keep_place=keep)
        self._show_foot()

    def show_note(self) -> None:
        """Say above the numbers what is special about them."""
        error = self._refusal or self.view.slice_error
        words = error or difference_words(self.view) or self.derivatives.sentence(self.view)
        self.note.setObjectName("error" if error else "muted")
        self.note.style().polish(self.note)
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _show_page(self, page: Page | None) -> None:
        if page is None:
            self.pages.setCurrentWidget(self._tab() or self.message)
        else:
            self.message.show_message(page.title, page.sentence)
            self.pages.setCurrentWidget(self.message)

    def _show_foot(self) -> None:
        tab = self._tab() if self.view.page is None else None
        found = tab.statistics() if tab is not None else None
        self.foot.show_view(self.view, found, self.reader, self.style_of_text)

    def _tab(self) -> ValuesTab | None:
        """The tab that is chosen, made when it is first needed."""
        at = self.tabs.currentIndex()
        if at not in self._made and 0 <= at < len(TABS):
            made = TABS[at][1](self.reader, self)
            made.cell_chosen.connect(self._cell_chosen)
            made.index_chosen.connect(self.choose_index)
            made.hovered.connect(self._hovered)
            self._made[at] = made
            self.pages.addWidget(made)
        return self._made.get(at)

    def _make_first_tab(self) -> None:
        """So that the first Run need not."""
        self._tab()

    @property
    def tab(self) -> ValuesTab | None:
        """The tab that is seen."""
        return self._tab()

    # What happens elsewhere.

    def _moment_changed(self) -> None:
        if self.session.moment.tensor != self._followed:
            self._followed = self.session.moment.tensor
            self._local_cell = None
        self.resolve()

    def _recording_changed(self) -> None:
        content = self.view.sight.source.content if self.view.sight is not None else 0
        if self.view.page is not None or content in self.session.recording.dropped:
            self.resolve()

    def _arrived(self) -> None:
        if self.view.page is not None and self.view.page.kind == "waiting":
            self.resolve()
        elif self.view.page is None:
            tab = self._tab()
            if tab is not None:
                tab.refresh()
            self._show_foot()

    def _failed(self, failure: Failed) -> None:
        title = {"dropped": "Dropped", "big": "Too big", "gone": "Gone"}.get(failure.reason)
        page = Page(title or "These numbers cannot be shown", failure.sentence, "failed")
        if self.view.page is None or self.view.page.kind == "waiting":
            self.view = replace(self.view, page=page)
            self._show_page(page)
            self._show_foot()

    # What the user does.

    def choose_plane(self, plane: Plane) -> None:
        """Look at another plane of the tensor."""
        moment = self.session.moment
        cell = moment.cell
        if cell is not None and plane.cell_of(cell) is None:
            moment = moment.on_cell(None)
        self.session.look(moment.on_slice(slice_text_of(plane)))

    def choose_index(self, index: tuple[int, ...]) -> None:
        """Look at the cell with an index into what is shown."""
        plane = self.view.plane
        if plane is None:
            return
        moved = plane.towards(index)
        cell = moved.cell_of(index)
        if cell is None:
            moved = plane_over(plane.shape).towards(index)
            cell = moved.cell_of(index)
        self._local_cell = cell
        moment = self.session.moment.on_slice(slice_text_of(moved))
        self.session.look(moment.on_cell(index) if self.shows_own_cells() else moment)
        self.resolve()

    def shows_own_cells(self) -> bool:
        """Whether an index into the view is an index into the tensor."""
        return not self.wish.part or (
            self.view.card is not None and self.view.shape == self.view.card.kind.shape
        )

    def choose_wish(self, wish: Wish) -> None:
        """Look at another part, or compare with something."""
        self.wish = self.menu.wish = wish
        self._local_cell = None
        self.resolve()

    def _choose_style(self, style: TextStyle) -> None:
        self.style_of_text = self.menu.style = style
        tab = self._tab()
        if tab is not None and self.view.page is None:
            tab.show_view(self.view, style, keep_place=True)
        self._show_foot()

    def _cell_chosen(self, row: int, column: int) -> None:
        if self.view.plane is not None:
            self.choose_index(self.view.plane.index_of(row, column))

    def _hovered(self, cell: tuple[int, int] | None) -> None:
        self.foot.show_hovered(cell)
        self.pointing.hover(cell)

    def _tab_changed(self) -> None:
        self.reader.look_at(self.view)
        self._show_page(self.view.page)
        tab = self._tab()
        if tab is not None and self.view.page is None:
            tab.show_view(self.view, self.style_of_text, keep_place=False)
        self._show_foot()

    def _refuse(self, sentence: str) -> None:
        self._refusal = sentence
        self.show_note()

    def _shape_of_name(self, name: str) -> tuple[int, ...] | None:
        """The shape of another tensor of this step, by its name."""
        step, recording = self.session.moment.step, self.session.recording
        tensor = recording.tensor_named(step, name) if name != self.view.name else 0
        card = recording.card(step, tensor) if tensor else None
        return card.kind.shape if card is not None else None

    def _slice_typed(self, cut: Slice) -> None:
        self._refuse("")
        moment, plane = self.session.moment, plane_of(cut)
        other = self.session.recording.tensor_named(moment.step, cut.name) if cut.name else 0
        if other and cut.name != moment.name:
            self.session.look(moment.on_tensor(other, cut.name).on_slice(slice_text_of(plane)))
        else:
            self.choose_plane(plane)
            self.slice.show_slice(plane.code(self.view.name), plane.shape)
