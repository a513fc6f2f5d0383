"""The values pane coloured by derivatives, and the numbers of these in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.model.autograd.by_hand import Furthest, furthest
from explorer.model.autograd.sensitivity import Sensitivities
from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import block_at
from explorer.model.values.number_block import NumberBlock
from explorer.model.values.view import ValuesView
from explorer.protocol.values import Sight
from explorer.ui.sensitivity import SensitivityDesk
from explorer.ui.troubles.search_thread import SearchThread

MOST_NAMES = 5

if TYPE_CHECKING:
    from explorer.ui.panes.values import ValuesPane


class ValuesDerivatives(QObject):
    """Puts the derivatives that the session's desk has found into the pane's view."""

    def __init__(self, pane: ValuesPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.desk = SensitivityDesk.of(pane.session)
        self.desk.changed.connect(self._changed)
        self.desk.told.connect(pane.foot.say)
        self._by_hand = SearchThread(pane.session, self)
        self._by_hand.found.connect(self._differ)
        self._by_hand.failed.connect(lambda err: pane.foot.say(f"This could not be told: {err}."))
        pane.foot.derivative_words = self.number_words

    def compare_by_hand(self, other: str) -> None:
        """Find where the tensor, which is being compared with another, is furthest from it."""
        view = self._pane.view
        if view.sight is not None and view.page is None:
            self._by_hand.start(furthest(view.sight, view.name, other))

    def _differ(self, found: Furthest) -> None:
        if found.index is not None:
            self._pane.choose_index(found.index)
        self._pane.foot.say(found.sentence)

    def dressed(self, view: ValuesView) -> ValuesView:
        """The view with the derivatives of its tensor, if there are any."""
        found, card, sight = self.desk.found, view.card, view.sight
        if found is None or card is None or sight is None or view.page is not None:
            return view
        numbers = found.derivatives.get(card.tensor)
        if numbers is None or numbers.shape != view.shape or sight.against is not None:
            return view
        return replace(view, derivative=Sight(numbers), derivative_words=found.words(view.name))

    def sentence(self, view: ValuesView) -> str:
        """What the colours mean while derivatives have been asked for; else empty."""
        found, card = self.desk.found, view.card
        if found is None or card is None:
            return ""
        if view.derivative is not None:
            return f"Coloured by {view.derivative_words}. Esc takes the colours away."
        if card.tensor == found.tensor:
            ways = "depends on" if found.upstream else "flows to"
            others = self._listed(found)
            return f"{found.of} {ways} {others}; choose one to see it coloured by its derivative."
        if found.upstream:
            return f"{found.of} does not depend on {view.name}."
        return f"{found.of} does not flow to {view.name}."

    def _listed(self, found: Sensitivities) -> str:
        """The tensors that derivatives are known for, by their names at the moment."""
        session = self._pane.session
        names = session.recording.names_at(session.moment.step)
        first: dict[int, str] = {}
        for name, tensor in names.items():
            if tensor in found.derivatives:
                first.setdefault(tensor, name)
        told = list(first.values())
        if not told:
            return "tensors that have no name here"
        more = f" and {len(told) - MOST_NAMES} more" if len(told) > MOST_NAMES else ""
        return ", ".join(told[:MOST_NAMES]) + more

    def number_words(self, view: ValuesView, cell: tuple[int, int]) -> str:
        """``∂loss/∂w[1, 0] = 3``; empty while it is not known."""
        plane = view.plane
        if view.derivative is None or plane is None:
            return ""
        region = block_at(*cell, plane.rows, plane.columns)
        block: NumberBlock | None = self._pane.reader.block(view.derivative, plane, region)
        if block is None:
            return ""
        index = ", ".join(map(str, plane.index_of(*cell)))
        place = f"[{index}]" if index else ""
        return f"{view.derivative_words}{place} = {block.text(*cell, TextStyle('exact'))}"

    def _changed(self) -> None:
        self._pane.resolve()
        self._pane.show_note()
