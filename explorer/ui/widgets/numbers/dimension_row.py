"""One dimension that is not shown: where it stands, by slider, by number, or as a film."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSlider, QToolButton, QWidget

from explorer.ui.theme import mono_font

STEPS = 1 << 20
FILM_MS = 250


class DimensionRow(QWidget):
    """Chooses a position of one axis; positions may number up to 2⁶³."""

    position_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 1
        self._start, self._step = 0, 1
        self._position = 0
        self.label = QLabel(self)
        self.label.setObjectName("muted")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.edit = QLineEdit(self)
        self.edit.setFont(mono_font(12))
        self.edit.setFixedWidth(84)
        self.play = QToolButton(self)
        self.play.setObjectName("flat")
        self.play.setText("▶")
        self.play.setCheckable(True)
        self._film = QTimer(self, interval=FILM_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.label, self.slider, self.edit, self.play):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        self.slider.valueChanged.connect(self._slid)
        self.edit.returnPressed.connect(self._typed)
        self.play.toggled.connect(self._play)
        self._film.timeout.connect(lambda: self.go((self._position + 1) % self._count))

    def show_axis(self, title: str, count: int, start: int, step: int, position: int) -> None:
        """Show an axis of ``count`` positions that stand for indices from ``start`` by ``step``."""
        self._count, self._start, self._step = max(count, 1), start, step
        last = start + (self._count - 1) * step
        self.label.setText(title)
        for widget in (self.slider, self.edit):
            widget.setAccessibleName(f"Index of {title}, {start} to {last}")
        self.edit.setToolTip(f"{start} to {last}" + (f" in steps of {step}" if step > 1 else ""))
        if last < 2**31:
            self.edit.setValidator(QIntValidator(-last - 1, last, self.edit))
        else:
            self.edit.setValidator(None)  # type: ignore[arg-type]
        self.play.setToolTip(f"Play {title} as a film")
        self.play.setAccessibleName(f"Play {title} as a film")
        self.play.setEnabled(self._count > 1)
        if self._count == 1:
            self.play.setChecked(False)
        self.slider.setEnabled(self._count > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, min(self._count - 1, STEPS))
        self.slider.blockSignals(False)
        self.set_position(position)

    def set_position(self, position: int) -> None:
        """Stand at a position without telling."""
        self._position = position
        self.edit.setText(str(self._start + position * self._step))
        self.slider.blockSignals(True)
        steps = min(self._count - 1, STEPS)
        self.slider.setValue(position * steps // max(self._count - 1, 1))
        self.slider.blockSignals(False)

    def go(self, position: int) -> None:
        """Choose a position."""
        position = min(max(position, 0), self._count - 1)
        if position != self._position:
            self.set_position(position)
            self.position_chosen.emit(position)

    def stop(self) -> None:
        """End the film."""
        self.play.setChecked(False)

    def _slid(self, value: int) -> None:
        steps = min(self._count - 1, STEPS)
        self.go(value * (self._count - 1) // max(steps, 1))

    def _typed(self) -> None:
        text = self.edit.text().strip().replace("−", "-")
        try:
            index = int(text)
        except ValueError:
            self.set_position(self._position)
            return
        if index < 0:
            index += self._start + (self._count - 1) * self._step + 1
        self.go((index - self._start) // self._step)
        self.set_position(self._position)

    def _play(self, on: bool) -> None:
        self.play.setText("❚❚" if on else "▶")
        if on:
            self._film.start()
        else:
            self._film.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.go(self._position + (1 if event.key() == Qt.Key.Key_Up else -1))
        else:
            super().keyPressEvent(event)
