"""The gestures of the Step menu, by the names of their actions."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.ui.stepper import Stepper


class StepGestures(QObject):
    """What the stepper does under other names."""

    def __init__(self, stepper: Stepper) -> None:
        super().__init__(stepper)
        self._stepper = stepper

    def into_backward(self) -> None:
        """Into the nodes of backward, or out of them again."""
        if self._stepper.inside_backward():
            self._stepper.out()
        else:
            self._stepper.into_backward()

    def next_breakpoint(self) -> None:
        """Run to the next breakpoint."""
        self._stepper.to_breakpoint(forward=True)

    def previous_breakpoint(self) -> None:
        """Back to the breakpoint before."""
        self._stepper.to_breakpoint(forward=False)

    def play(self) -> None:
        """Walk, or stop walking."""
        self._stepper.toggle_playing()

    def by_name(self, name: str) -> None:
        """A gesture of the timeline."""
        walks = {
            "forward": self._stepper.forward,
            "back": self._stepper.back,
            "into": self._stepper.into,
            "back_into": self._stepper.back_into,
            "start": self._stepper.to_start,
            "end": self._stepper.to_end,
        }
        walks[name]()
