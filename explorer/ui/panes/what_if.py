"""The what-if pane: a shape change is typed or dragged, and its outcome shown before it runs."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

from PySide6.QtCore import QMetaMethod, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from explorer.model.card import Content, storage_letter
from explorer.model.layout.origin import headers_in
from explorer.model.layout.why import header_of
from explorer.model.shapes.calls import Forecast, forecast
from explorer.model.shapes.rules.outcome import Header, Outcome, ShapeCall
from explorer.model.shapes.syntax import python_spelling
from explorer.model.tensor_words import shape_words
from explorer.ui.layout.strip_reader import StripReader
from explorer.ui.session import Session
from explorer.ui.theme import appearance, mono_font, theme
from explorer.ui.widgets.numbers.dim_boxes import DimBoxes
from explorer.ui.widgets.storage.storage_strip import StorageStrip
from explorer.ui.widgets.storage.strip_content import NOTHING, Layer, StripContent

EXAMPLES = (".t()", ".view(-1)", ".reshape(-1)", ".contiguous()", "[0]", "[:, None]", ".mT")
DELAY_MS = 60


class WhatIfPane(QWidget):
    """Predicts a chain of shape calls on the chosen tensor; nothing is run."""

    code_wanted = Signal(str)
    """An expression that the user wants to have in the editor."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._followed = (session.moment.step, session.moment.tensor)
        self.told = Forecast()
        self.box = QLineEdit(self)
        self.dims = DimBoxes(self)
        self.outcome = QLabel(self)
        self.strip = StorageStrip(self)
        self._reader = StripReader(session, self.strip)
        self.nearest = QPushButton(self)
        self.insert = QPushButton("Insert into the program", self)
        self.copy = QPushButton("Copy", self)
        self._timer = QTimer(self, interval=DELAY_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        self.box.setFont(mono_font(13))
        self.box.setPlaceholderText("a shape change, such as .view(2, -1) or [:, 0].t()")
        self.box.setAccessibleName("Shape change to try")
        self.box.setClearButtonEnabled(True)
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.RichText)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.outcome.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        chips = QHBoxLayout()
        chips.setSpacing(2)
        for example in EXAMPLES:
            chip = QPushButton(example, self)
            chip.setObjectName("flat")
            chip.setFont(mono_font(12))
            chip.setToolTip(f"Put {example} behind it")
            chip.clicked.connect(partial(self._append, example))
            chips.addWidget(chip)
        chips.addStretch(1)
        last = QHBoxLayout()
        for button in (self.nearest, self.insert, self.copy):
            last.addWidget(button)
        last.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 10, 6)
        column.setSpacing(6)
        column.addWidget(self.box)
        column.addLayout(chips)
        column.addWidget(self.dims)
        column.addWidget(self.outcome)
        column.addWidget(self.strip, 2)
        column.addLayout(last)
        column.addStretch(1)

    def _connect(self) -> None:
        self._session.turns.on_moment(self._moment_changed)
        self._timer.timeout.connect(self._refresh)
        self.box.textChanged.connect(lambda _: self._timer.start())
        self.box.returnPressed.connect(self._refresh)
        self.dims.order_wanted.connect(self._reorder)
        self.dims.merge_wanted.connect(self._merge)
        self.nearest.clicked.connect(self._take_nearest)
        self.insert.clicked.connect(self._insert)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.told.code))
        appearance().changed.connect(self._refresh)

    # Wishes.

    def _append(self, text: str) -> None:
        self.box.setText(self.box.text().rstrip() + text)
        self._refresh()

    def _reorder(self, order: tuple[int, ...]) -> None:
        self._append(f".permute({', '.join(map(str, order))})")

    def _merge(self, left: int) -> None:
        self._append(f".flatten({left}, {left + 1})")

    def _take_nearest(self) -> None:
        refusal = self.told.refusal
        if refusal is not None and refusal.nearest:
            self.box.setText(self.told.code + refusal.nearest)
            self._refresh()

    def _insert(self) -> None:
        if self.told.result is not None and self.told.steps:
            self.code_wanted.emit(self.told.code)

    # What is shown.

    def _moment_changed(self) -> None:
        followed = self._session.moment.step, self._session.moment.tensor
        if followed != self._followed:
            self._followed = followed
            self._timer.start()

    def _names(self) -> dict[str, Header]:
        """Headers of the tensors that the text names, and of the chosen one."""
        moment, recording = self._session.moment, self._session.recording
        names = headers_in(recording, moment.step, self.box.text())
        card = recording.card(moment.step, moment.tensor) if moment.tensor else None
        header = header_of(card, recording.content(moment.step, card.storage)) if card else None
        if header is not None:
            names[moment.name or "tensor"] = header
        return names

    def _refresh(self) -> None:
        self._timer.stop()
        moment = self._session.moment
        names = self._names()
        chosen = moment.name or "tensor"
        if chosen not in names:
            self.told = Forecast(mistake="Choose a tensor with strides to try shape changes on.")
        elif not self.box.text().strip():
            self.told = Forecast(python_spelling(chosen), names[chosen])
        else:
            self.told = forecast(self.box.text(), names, chosen)
        self._show()

    def _show(self) -> None:
        told = self.told
        refusal = told.refusal
        self.outcome.setText(_outcome_html(told))
        self.outcome.setAccessibleName(_plain_outcome(told))
        at = refusal.header if refusal is not None else told.result
        self.dims.setVisible(at is not None)
        if at is not None:
            self.dims.show_layout(at.layout, refusal.straddle if refusal is not None else None)
        nearest = refusal.nearest if refusal is not None else ""
        self.nearest.setVisible(bool(nearest))
        self.nearest.setText(f"Take {nearest}")
        works = told.result is not None and bool(told.steps)
        listened = self.isSignalConnected(QMetaMethod.fromSignal(self.code_wanted))
        self.insert.setVisible(works and listened)
        self.copy.setVisible(works)
        self._show_strip(at)

    def _show_strip(self, header: Header | None) -> None:
        content = self._content()
        shown = header is not None and content is not None and bool(content.nbytes)
        self.strip.setVisible(shown)
        if header is None or content is None or not shown:
            self._reader.read_from(0, "", 0)
            self.strip.show_storage(NOTHING)
            return
        layer = Layer(self.told.start, header.layout, header.itemsize)
        length = header.storage_bytes // header.itemsize
        if self.told.copied:
            self._reader.read_from(0, "", 0)
            key: Any = ("copy", self.told.code)
            made = StripContent(key, length, header.itemsize, "", layer, readable=False)
            self.strip.show_storage(made)
            return
        key = (content.id, header.dtype, length)
        grown = header.storage_bytes > content.nbytes
        self._reader.read_from(0 if grown else content.id, header.dtype, length)
        letter = storage_letter(content.storage)
        row = header.layout.shape[-1] if header.layout.ndim else 1
        self.strip.show_storage(
            StripContent(key, length, header.itemsize, letter, layer, (), row, readable=not grown)
        )

    def _content(self) -> Content | None:
        """The content of the storage that the chain starts from."""
        moment, recording = self._session.moment, self._session.recording
        tensor = moment.tensor
        for path, found in recording.names_at(moment.step).items():
            if python_spelling(path) == self.told.start:
                tensor = found
        return recording.content_of(moment.step, tensor) if tensor else None


def _outcome_html(told: Forecast) -> str:
    colours = theme()
    muted, good, error = colours.muted.name(), colours.good.name(), colours.error.name()
    if told.mistake:
        return f'<span style="color:{muted}">{escape(told.mistake)}</span>'
    rows = []
    if told.header is not None:
        rows.append(f"<b>{escape(told.start)}</b> &nbsp;{_header_html(told.header)}")
    for call, outcome in told.steps:
        copied = outcome.copied
        mark = "copy" if copied else "same storage"
        colour = colours.warning.name() if copied else good
        rows.append(
            f"<b>{escape(call.text)}</b> &nbsp;{_header_html(outcome.header)} &nbsp;"
            f'<span style="color:{colour}">{mark}</span><br>'
            f'<span style="color:{muted}">{escape(outcome.why)}</span>'
        )
    if told.refusal is not None:
        refusal = told.refusal
        rows.append(
            f"<b>{escape(refusal.call.text)}</b> &nbsp;"
            f'<span style="color:{error}">{refusal.error}</span><br>{escape(refusal.reason)}'
        )
    return "<br>".join(rows)


def _header_html(header: Header) -> str:
    layout = header.layout
    strides = ", ".join(map(str, layout.stride)) or "none"
    muted = theme().muted.name()
    return (
        f'{shape_words(layout.shape)} <span style="color:{muted}">&nbsp;stride {strides}, '
        f"offset {layout.offset}</span>"
    )


def _plain_outcome(told: Forecast) -> str:
    """The same for screen readers."""
    if told.mistake:
        return told.mistake
    if told.refusal is not None:
        nearest = f" {told.refusal.nearest} would work." if told.refusal.nearest else ""
        return f"{told.refusal.call.text} is refused. {told.refusal.reason}{nearest}"
    parts = [_step_words(call, outcome) for call, outcome in told.steps]
    return " ".join(parts) or "Type a shape change."


def _step_words(call: ShapeCall, outcome: Outcome) -> str:
    storage = "a copy" if outcome.copied else "the same storage"
    return f"{call.text} gives {shape_words(outcome.layout.shape)}, {storage}. {outcome.why}"
