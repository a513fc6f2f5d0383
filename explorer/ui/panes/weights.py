"""Weights: histograms of the chosen tensor and of its gradient, each time that they changed."""

from __future__ import annotations

import time
from bisect import bisect_right
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.model.training.curve_export import FORMATS
from explorer.model.training.weight_export import write_histories
from explorer.model.training.weight_history import WeightHistory, density, histories, span
from explorer.ui.session import Session
from explorer.ui.troubles.search_thread import SearchThread
from explorer.ui.widgets.history_map import HistoryMap

ROWS = 48
SOON_MS = 120
GROWN_MS = 1500
"""How often it is looked anew while the program runs."""
MOST_SAVED = 200
EMPTY = (
    "Choose a tensor of floating-point numbers, such as a weight: how its numbers and its gradient "
    "were spread is shown here for each time that they changed."
)


class WeightsPane(QWidget):
    """Two pictures, one above the other; a click goes to the step."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[int, int, int] = (0, 0, 0)
        self._followed = session.moment.tensor
        self._found: list[WeightHistory] = []
        self._path: Path | None = None
        self._thread = SearchThread(session, self)
        self._saver = SearchThread(session, self)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self.maps = [HistoryMap(self), HistoryMap(self)]
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.save = QPushButton("Save all as…", self)
        self.save.setToolTip("Histograms of all parameters as CSV, npz or TensorBoard events")
        self.empty = QLabel(EMPTY, self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 0, 24, 0)
        self._lay_out()
        self._thread.found.connect(self._take)
        self._saver.found.connect(self._write)
        self._soon.timeout.connect(self._ask)
        self.save.clicked.connect(self._ask_where)
        for place, shown in enumerate(self.maps):
            shown.frame_chosen.connect(lambda frame, at=place: self._go(at, frame))
        session.turns.on_moment(self._moment_changed)
        session.turns.on_recording(self._grown)

    def _lay_out(self) -> None:
        page = QWidget(self)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 10, 2)
        head.addWidget(self.sentence, 1)
        head.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 6)
        column.addLayout(head)
        for shown in self.maps:
            column.addWidget(shown, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    @property
    def busy(self) -> bool:
        """Whether histograms are on their way, to the screen or to a file."""
        return self._soon.isActive() or self._thread.busy or self._saver.busy

    def _moment_changed(self) -> None:
        tensor = self._session.moment.tensor
        if tensor != self._followed and self.isVisible():
            self._soon.start(SOON_MS)
        self._followed = tensor
        self._mark()

    def _grown(self) -> None:
        if self.isVisible() and not self.busy:
            self._soon.start(GROWN_MS if self._session.run.going else SOON_MS)

    def _ask(self) -> None:
        moment, recording = self._session.moment, self._session.recording
        key = (self._session.run.serial, moment.tensor, len(recording))
        if key == self._shown or not self.isVisible():
            return
        self._shown = key
        name = moment.name or "this tensor"
        wanted = [(moment.tensor, name)] if moment.tensor else []
        self.empty.setText(f"Counting the numbers of {name} …" if wanted else EMPTY)
        self._thread.start(histories(recording, wanted))

    def _take(self, found: list[WeightHistory]) -> None:
        self._found = found
        self.empty.setText(EMPTY)
        self._pages.setCurrentIndex(1 if found else 0)
        told = []
        for shown in self.maps:
            shown.setVisible(False)
        for shown, one in zip(self.maps, found, strict=False):
            frames = one.frames
            label = self._session.recording.steps.label
            ends = (f"step {label(frames[0].step)}", f"step {label(frames[-1].step)}")
            means = [frame.counted.mean for frame in frames]
            shown.show_history(one.title, density(frames, ROWS), span(frames), means, ends)
            shown.setVisible(True)
            times = "once" if one.changes == 1 else f"{one.changes} times"
            few = f" ({len(frames)} shown)" if len(frames) < one.changes else ""
            told.append(f"{one.title} was written {times}{few}.")
        self.sentence.setText(" ".join(told))
        self._mark()

    def _mark(self) -> None:
        step = self._session.moment.step
        for shown, one in zip(self.maps, self._found, strict=False):
            shown.set_current(bisect_right([frame.step for frame in one.frames], step) - 1)

    def _go(self, place: int, frame: int) -> None:
        if place < len(self._found):
            self._session.go(self._found[place].frames[frame].step)

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the histograms", "histograms.tfevents", ";;".join(reversed(FORMATS))
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the histograms of all parameters, or of the chosen tensor where there are none;
        the file's ending chooses the format."""
        session = self._session
        cards = session.recording.cards_at(session.moment.step)
        own = {name: card for name, card in cards.items() if card.kind.type == "Parameter"}
        wanted = {card.tensor: name for name, card in own.items()}
        if not wanted and session.moment.tensor:
            wanted = {session.moment.tensor: session.moment.name or "tensor"}
        self._path = path
        self._saver.start(histories(session.recording, list(wanted.items())[:MOST_SAVED]))

    def _write(self, found: list[WeightHistory]) -> None:
        assert self._path is not None
        try:
            write_histories(self._path, found, time.time())
        except (OSError, ValueError) as err:
            self._session.note(f"The histograms could not be saved: {err}.")
        else:
            count = len(found)
            self._session.note(f"{count} histories were saved in {self._path.name}.")
