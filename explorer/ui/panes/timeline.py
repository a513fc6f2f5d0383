"""The timeline pane: every step as a dot, and the buttons that walk by themselves."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from explorer.model.memory.words import memory_note, memory_sentence
from explorer.model.recording import Recording
from explorer.ui.icons import icon
from explorer.ui.session import Session
from explorer.ui.step_words import node_short_name, step_sentence
from explorer.ui.stepper import SPEEDS
from explorer.ui.widgets.timeline_strip import TimelineStrip

_AUGMENTED = re.compile(r"\s*([\w.\[\]:, ]{1,14}?)\s*([-+*/@%&|^]|\*\*|//|<<|>>)=(?!=)")
MOST_NAMES = 2
WORTH_TELLING = 1 << 20
"""Bytes under which nobody asks what a recording holds."""


class RecordedSteps:
    """A recording as the strip asks about it."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._nodes: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)

    def count(self) -> int:
        """Steps."""
        return len(self.recording)

    def nodes(self) -> NDArray[np.bool_]:
        """Which steps are nodes."""
        if len(self._nodes) != len(self.recording):
            self._nodes = self.recording.steps.statement_ids() == 0
        return self._nodes

    def dropped(self) -> NDArray[np.bool_]:
        """Which steps wrote values of which none is held any more."""
        return self.recording.dropped.steps(len(self.recording))

    def errors(self) -> list[int]:
        """Steps that raised what nobody caught."""
        return [step for step, err in self.recording.steps.errors.items() if not err.caught]

    def writes_in_place(self, step: int) -> bool:
        """Whether it changed a storage that was there before."""
        change = self.recording.change(step)
        rows = change.contents if change is not None else ()
        return any(self.recording.content(step - 1, row[0]) is not None for row in rows)

    def label(self, step: int) -> str:
        """``2 x``, ``4 d[0]*=``, ``Pow``."""
        known = self.recording.steps.nodes.get(step)
        if known is not None:
            return node_short_name(known.name)
        number = self.recording.steps.label(step)
        augmented = _AUGMENTED.match(self.recording.step(step).statement.code)
        if augmented:
            return f"{number} {augmented[1]}{augmented[2]}="
        change = self.recording.change(step)
        names = [path for path, tensor in change.names if tensor] if change else []
        plain = [path for path in names if "." not in path and "[" not in path]
        return " ".join([number, ", ".join((plain or names)[:MOST_NAMES])]).strip()

    def tip(self, step: int) -> str:
        """What the step did, in words."""
        told = step_sentence(self.recording, step)
        return f"{told} The values it wrote have been dropped." if self._lost(step) else told

    def _lost(self, step: int) -> bool:
        change = self.recording.change(step)
        rows = change.contents if change is not None else ()
        return bool(rows) and all(row[1] in self.recording.dropped for row in rows)


class TimelinePane(QWidget):
    """Shows where in the recording the moment is; every gesture goes to the stepper."""

    step_wanted = Signal(int)
    gesture = Signal(str)
    play_toggled = Signal()
    speed_chosen = Signal(int)
    memory_wanted = Signal()
    """What the recording takes was clicked."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._source = RecordedSteps(session.recording)
        self._count = 0
        self.strip = TimelineStrip(self._source, self)
        self.play = self._button("player-play", "Play")
        self.play.clicked.connect(self.play_toggled)
        self.speed = self._button("", "Speed of playing")
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed.setMenu(self._speed_menu())
        self.memory = self._button("", "Memory of the recording")
        self.memory.clicked.connect(self.memory_wanted)
        self._lay_out()
        self.strip.wanted.connect(self.step_wanted)
        self.strip.key_stepped.connect(self.gesture)
        session.turns.on_recording(self._recording_changed)
        session.turns.on_moment(self._moment_changed)
        self.set_speed(4)
        self._recording_changed()

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("flat")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        if name:
            button.setIcon(icon(name))
        return button

    def _lay_out(self) -> None:
        buttons = QVBoxLayout()
        buttons.setSpacing(0)
        buttons.addStretch(1)
        buttons.addWidget(self.play)
        buttons.addWidget(self.speed)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(buttons)
        row.addWidget(self.strip, 1)
        row.addWidget(self.memory)

    def _speed_menu(self) -> QMenu:
        menu = QMenu(self)
        for speed in SPEEDS:
            action = menu.addAction(f"{speed} step{'s' if speed > 1 else ''} a second")
            action.triggered.connect(lambda _=False, chosen=speed: self.speed_chosen.emit(chosen))
        return menu

    def set_speed(self, speed: int) -> None:
        """Steps a second, as words on the button."""
        self.speed.setText(f"{speed} steps/s")
        self.speed.setAccessibleName(f"Speed of playing: {speed} steps a second")

    def set_playing(self, playing: bool) -> None:
        """Show whether the window walks by itself."""
        self.play.setIcon(icon("player-pause" if playing else "player-play"))
        self.play.setToolTip("Pause" if playing else "Play")

    def _recording_changed(self) -> None:
        recording = self._session.recording
        kept = self._count - 1 if recording is self._source.recording else 0
        self._source.recording, self._count = recording, len(recording)
        self.strip.steps_changed(kept)  # to the last one the news may have added something
        self.play.setEnabled(len(self._session.recording) > 1)
        self._show_memory()
        self._moment_changed()

    def _show_memory(self) -> None:
        recording = self._session.recording
        held, dropped = recording.memory, len(recording.dropped)
        told = held is not None and (held.held >= WORTH_TELLING or held.spilled or dropped)
        self.memory.setVisible(bool(told))
        if held is not None:
            sentence = memory_sentence(held, dropped)
            self.memory.setText(memory_note(held, dropped))
            self.memory.setToolTip(sentence)
            self.memory.setAccessibleDescription(sentence)

    def _moment_changed(self) -> None:
        self.strip.set_current(self._session.moment.step)
