"""How much memory and disk the values of a recording may take."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from explorer.ui.settings import Settings

MEGA, GIGA = 1 << 20, 1 << 30
MOST = 100_000.0
WORDS = (
    "What tensors hold at every step is kept in memory. When that is full, older values go to a "
    "file in your cache folder, which vanishes with the recording; when that is full too, the "
    "oldest are dropped, and shown as dropped. A change holds from the next run on."
)


class MemoryDialog(QDialog):
    """Changes the settings when it is accepted; ``now`` says what the recording takes."""

    def __init__(self, settings: Settings, now: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle("Memory of recordings")
        self.memory = self._size("Memory for values", "a quarter of the free memory")
        self.memory.setValue(settings.recording_memory / GIGA)
        self.on_disk = QCheckBox("&Write older values to disk", self)
        self.on_disk.setChecked(settings.recording_disk >= 0)
        self.disk = self._size("Room on disk", "a quarter of the free disk")
        self.disk.setValue(max(settings.recording_disk, 0) / GIGA)
        self.disk.setEnabled(self.on_disk.isChecked())
        self.on_disk.toggled.connect(self.disk.setEnabled)
        self._lay_out(now)

    def _size(self, name: str, otherwise: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(0.0, MOST)
        box.setDecimals(2)
        box.setSingleStep(0.5)
        box.setSuffix(" GiB")
        box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)  # the arrow keys do the same
        box.setSpecialValueText(otherwise)
        box.setAccessibleName(name)
        return box

    def _lay_out(self, now: str) -> None:
        text = QLabel(WORDS, self)
        text.setWordWrap(True)
        state = QLabel(now, self)
        state.setObjectName("muted")
        state.setWordWrap(True)
        state.setVisible(bool(now))
        form = QFormLayout()
        form.addRow("&Memory", self.memory)
        form.addRow(self.on_disk)
        form.addRow("&Disk", self.disk)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part in (text, state):
            column.addWidget(part)
        column.addLayout(form)
        column.addWidget(buttons)
        self.setMinimumWidth(460)

    def accept(self) -> None:
        """Keep what was chosen."""
        self._settings.recording_memory = _bytes(self.memory.value())
        chosen = _bytes(self.disk.value()) if self.on_disk.isChecked() else -1
        self._settings.recording_disk = chosen
        super().accept()


def _bytes(gigas: float) -> int:
    return round(gigas * GIGA / MEGA) * MEGA
