"""The stepping gestures of the window: each moves the session to another step."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from explorer.model import stepping
from explorer.model.stepping import Place
from explorer.ui.session import Session

FOLLOW_MS = 200
SPEEDS = (1, 2, 4, 10, 30, 100, 1000)
TICK_MS = 16


class Stepper(QObject):
    """Walks through the recording; while a program runs and nobody has stepped, shows its end."""

    playing_changed = Signal(bool)
    nodes_wanted = Signal(int)
    """Into the backward of the statement at this step, whose nodes were not kept."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._following = True
        self._run = session.run.serial
        self._follow_timer = QTimer(self, interval=FOLLOW_MS, singleShot=True)
        self._follow_timer.timeout.connect(self._follow)
        self._play_timer = QTimer(self, interval=TICK_MS)
        self._play_timer.timeout.connect(self._play_on)
        self._clock = QElapsedTimer()
        self._owed = 0.0  # steps that the clock has earned and that were not taken yet
        self.speed = 4
        """Steps a second when playing."""
        session.moment_changed.connect(self._moment_changed)
        session.recording_changed.connect(self._recording_changed)
        session.run_changed.connect(self._run_changed)

    @property
    def playing(self) -> bool:
        """Whether the window walks by itself."""
        return self._play_timer.isActive()

    @property
    def _at(self) -> int:
        return self._session.moment.step

    def look_at(self, step: int) -> None:
        """Go to a step by its index."""
        self._following = False
        self.pause()
        self._session.go(step)

    def to_start(self) -> None:
        """Before the first step's successor: the first step."""
        self.look_at(0)

    def to_end(self) -> None:
        """The last step; while the program runs, the window goes on following it."""
        self.look_at(len(self._session.recording) - 1)
        self._following = True

    def forward(self) -> None:
        """One statement on, or one node on inside backward."""
        self.look_at(stepping.forward(self._session.recording.steps, self._at))

    def back(self) -> None:
        """One statement back, or one node back inside backward."""
        self.look_at(max(stepping.back(self._session.recording.steps, self._at), 0))

    def into(self) -> None:
        """One step of any kind on: into called functions and into backward."""
        steps = self._session.recording.steps
        before = self._at
        self.look_at(stepping.into(steps, before))
        if self._at != before and stepping.backward_without_nodes(steps, self._at) == self._at:
            self._session.note(
                f"The nodes of step {steps.label(self._at)} were not kept, as so many ran before: "
                "“Into backward” runs the program again and shows them."
            )

    def back_into(self) -> None:
        """One step of any kind back."""
        self.look_at(max(stepping.back_into(self._session.recording.steps, self._at), 0))

    def over(self) -> None:
        """The next statement of this function or of one that called it."""
        self.look_at(stepping.over(self._session.recording, self._at))

    def back_over(self) -> None:
        """The statement before, of this function or of one that called it."""
        self.look_at(max(stepping.back_over(self._session.recording, self._at), 0))

    def out(self) -> None:
        """Out of backward, or out of the function."""
        self.look_at(stepping.out(self._session.recording, self._at))

    def into_backward(self) -> None:
        """The first node of this statement's backward, else of the nearest one that has any."""
        steps = self._session.recording.steps
        nodes = stepping.backward_nodes(steps, self._at)
        statement = stepping.backward_without_nodes(steps, self._at)
        if statement >= 0:
            self.nodes_wanted.emit(statement)
        elif nodes:
            self.look_at(nodes[0])
        else:
            self._session.note("No backward() has run.")

    def inside_backward(self) -> bool:
        """Whether a node of the graph is being looked at."""
        steps = self._session.recording.steps
        return 0 <= self._at < len(steps) and steps.is_node(self._at)

    def to_line(self, place: Place, *, forward: bool = True) -> None:
        """The next (or previous) time that a line ran; from the other end when there is none."""
        steps = self._session.recording.steps
        search = stepping.next_run if forward else stepping.previous_run
        found = search(steps, self._at, place)
        if found is not None:
            self.look_at(found)
            return
        times = steps.runs_of_line(*place)
        if not times:
            self._session.note(f"Line {place[1]} has not run.")
            return
        other = times[0] if forward else times[-1]
        when, which = ("again later", "first") if forward else ("any earlier", "last")
        alone = f"Line {place[1]} does not run {when}"
        if other == self._at:
            self._session.note(f"{alone}.")
            return
        self.look_at(other)
        self._session.note(f"{alone}: this is the {which} time that it ran.")

    def to_breakpoint(self, *, forward: bool = True) -> None:
        """The next (or previous) step on a breakpoint; without one the end (or the start)."""
        steps = self._session.recording.steps
        search = stepping.next_stop if forward else stepping.previous_stop
        found = search(steps, self._at, self._session.breakpoints)
        if found is not None:
            self.look_at(found)
        elif forward:
            self.to_end()
        else:
            self.to_start()

    def toggle_playing(self) -> None:
        """Walk by itself, or stop doing so; from the end it starts anew."""
        if self.playing:
            self.pause()
            return
        if self._at >= len(self._session.recording) - 1:
            self._session.go(0)
        self._following = False
        self._owed = 0.0
        self._clock.start()
        self._play_timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop walking."""
        if self.playing:
            self._play_timer.stop()
            self.playing_changed.emit(False)

    def _play_on(self) -> None:
        self._owed += self._clock.restart() * self.speed / 1000
        count = int(self._owed)
        if not count:
            return
        self._owed -= count
        last = len(self._session.recording) - 1
        target = min(self._at + count, last)
        stop = stepping.next_stop(
            self._session.recording.steps, self._at, self._session.breakpoints
        )
        if stop is not None and stop <= target:
            target = stop
        self._session.go(target)
        if target == stop or (target >= last and not self._session.run.going):
            self.pause()

    def _run_changed(self) -> None:
        run = self._session.run
        if run.serial != self._run:
            self._run = run.serial
            self.pause()
            self._following = True
        if not run.going:
            self._follow()

    def _moment_changed(self) -> None:
        """Whoever goes back to some step, by whatever gesture, wants to stay there."""
        step = self._session.moment.step
        if step != self._session.previous.step and step < len(self._session.recording) - 1:
            self._following = False

    def _recording_changed(self) -> None:
        if self._following and not self._follow_timer.isActive():
            self._follow_timer.start()

    def _follow(self) -> None:
        self._follow_timer.stop()
        if self._following:
            self._session.go(len(self._session.recording) - 1)
