"""The walk pane: in which order a tensor visits memory, beside another reading of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from explorer.model.card import storage_letter
from explorer.model.layout.contiguity import is_contiguous
from explorer.model.layout.sharers import sharers
from explorer.model.layout.walk import comparison_sentence, trip, trip_sentence
from explorer.model.layout.why import layout_of
from explorer.model.strides import Layout, row_major
from explorer.model.tensor_words import size_words
from explorer.ui.layout.index import LayoutIndex
from explorer.ui.session import Session
from explorer.ui.theme import appearance
from explorer.ui.widgets.storage.stride_walk import StrideWalk, Walker

SLOWEST, FASTEST = 1, 60
"""Visits a second."""
MOST_OTHERS = 30


@dataclass(frozen=True)
class Partner:
    """What the tensor is compared with; `letter` is empty for a storage that is not there."""

    title: str
    layout: Layout
    itemsize: int
    letter: str


class WalkPane(QWidget):
    """The chosen tensor on the left, what it is compared with on the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._index = LayoutIndex.of(session)
        self._partners: list[Partner] = []
        self._wish = ""
        self._followed = (session.moment.step, session.moment.tensor)
        self.partner = QComboBox(self)
        self.walk = StrideWalk(self)
        self.button = QPushButton("Play", self)
        self.speed = QSlider(Qt.Orientation.Horizontal, self)
        self.sentence = QLabel(self)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        self.partner.setAccessibleName("Compare with")
        self.speed.setRange(SLOWEST, FASTEST)
        self.speed.setValue(8)
        self.speed.setMaximumWidth(120)
        self.speed.setAccessibleName("Visits a second")
        self.speed.setToolTip("Visits a second")
        self.sentence.setWordWrap(True)
        self.sentence.setObjectName("muted")
        head = QHBoxLayout()
        head.addWidget(QLabel("beside", self))
        head.addWidget(self.partner)
        head.addStretch(1)
        head.addWidget(self.button)
        head.addWidget(self.speed)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 10, 6)
        column.addLayout(head)
        column.addWidget(self.walk, 1)
        column.addWidget(self.sentence)

    def _connect(self) -> None:
        self._session.turns.on_moment(self._moment_changed)
        self._index.grown.connect(self._grown)
        self.partner.currentIndexChanged.connect(self._partner_chosen)
        self.button.clicked.connect(self._play)
        self.walk.playing_changed.connect(
            lambda playing: self.button.setText("Pause" if playing else "Play")
        )
        self.speed.valueChanged.connect(self.walk.set_speed)
        appearance().changed.connect(self.walk.update)

    def _play(self) -> None:
        if self.walk.playing:
            self.walk.stop()
        else:
            self.walk.play()

    def _moment_changed(self) -> None:
        followed = self._session.moment.step, self._session.moment.tensor
        if followed != self._followed:
            self._followed = followed
            self._refresh()

    def _grown(self) -> None:
        self._session.turns.ask(self._refresh)

    def _refresh(self) -> None:
        chosen = self._chosen()
        self._partners = self._partners_of(chosen) if chosen is not None else []
        titles = [one.title for one in self._partners]
        self.partner.blockSignals(True)
        self.partner.clear()
        self.partner.addItems(titles)
        self.partner.setCurrentIndex(titles.index(self._wish) if self._wish in titles else 0)
        self.partner.blockSignals(False)
        self._show(chosen)

    def _chosen(self) -> Partner | None:
        moment = self._session.moment
        card = self._session.recording.card(moment.step, moment.tensor) if moment.tensor else None
        layout = layout_of(card) if card is not None else None
        if card is None or layout is None or not layout.numel:
            return None
        letter = storage_letter(card.storage)
        return Partner(moment.name or "tensor", layout, card.kind.itemsize, letter)

    def _partners_of(self, chosen: Partner) -> list[Partner]:
        layout, name = chosen.layout, chosen.title
        turned = Layout(layout.shape[::-1], layout.stride[::-1], layout.offset)
        found = []
        if layout.ndim > 1:
            found.append(Partner(f"{name}.T", turned, chosen.itemsize, chosen.letter))
        if not is_contiguous(layout):
            dense = row_major(layout.shape)
            found.append(Partner(f"{name}.contiguous()", dense, chosen.itemsize, ""))
        moment = self._session.moment
        card = self._session.recording.card(moment.step, moment.tensor)
        if card is not None and self._index.knows(moment.step):
            holders = self._index.holders.on_storage(moment.step, card.storage)
            for one in sharers(holders[:MOST_OTHERS], None):
                if one.card.tensor != card.tensor and one.layout.numel:
                    size = one.card.kind.itemsize
                    found.append(Partner(one.names[0], one.layout, size, chosen.letter))
        return found

    def _partner_chosen(self, row: int) -> None:
        if 0 <= row < len(self._partners):
            self._wish = self._partners[row].title
        self._show(self._chosen())

    def _show(self, chosen: Partner | None) -> None:
        self.button.setEnabled(chosen is not None)
        if chosen is None:
            self.walk.show_walkers(())
            self.sentence.setText("Choose a tensor with strides and elements to walk through it.")
            return
        row = self.partner.currentIndex()
        beside = self._partners[row] if 0 <= row < len(self._partners) else None
        shown = (chosen, beside) if beside is not None else (chosen,)
        self.walk.show_walkers(
            tuple(Walker(one.title, one.layout, one.itemsize, one.letter) for one in shown)
        )
        self.sentence.setText(_sentence(chosen, beside))


def _sentence(chosen: Partner, beside: Partner | None) -> str:
    counted = trip(chosen.layout, chosen.itemsize)
    told = [trip_sentence(chosen.title, counted)]
    if beside is not None:
        other = trip(beside.layout, beside.itemsize)
        told.append(trip_sentence(beside.title, other))
        if counted.visits == other.visits:
            told.append(comparison_sentence(chosen.title, counted, beside.title, other))
    if is_contiguous(chosen.layout):
        told.append(f"{chosen.title}.contiguous() copies nothing: it is contiguous already.")
    else:
        copied = size_words(chosen.layout.numel * chosen.itemsize)
        told.append(f"{chosen.title}.contiguous() copies {copied} into the order of the reading.")
    return " ".join(told)
