"""Keeps a tensor in view: the user's own choice where it exists, else what the step changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from explorer.model.moment import Moment
from explorer.ui.session import Session


class ChosenTensor(QObject):
    """Looks for another tensor whenever the moment has none."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._wish = ""
        self._choosing = False
        self._seen = session.moment
        # Queued, so that every pane has heard of this moment before the next one comes.
        session.moment_changed.connect(self._moment_changed, Qt.ConnectionType.QueuedConnection)

    def _moment_changed(self) -> None:
        moment, before = self._session.moment, self._seen
        self._seen = moment
        if self._choosing:
            self._choosing = False
            return
        if moment.name != before.name:
            self._wish = moment.name
        if moment.step == before.step or moment.pinned:
            return
        tensor = self._session.recording.tensor_named(moment.step, self._wish)
        if tensor:
            self._look(moment, tensor, self._wish)
        elif not moment.tensor:
            name = self._suggestion(moment.step)
            if name:
                tensor = self._session.recording.tensor_named(moment.step, name)
                self._look(moment, tensor, name)

    def _look(self, moment: Moment, tensor: int, name: str) -> None:
        chosen = moment.on_tensor(tensor, name)
        if chosen != moment:
            self._choosing = True
            self._session.look(chosen)

    def _suggestion(self, step: int) -> str:
        """A name that this step bound or wrote, else the one that came last."""
        recording = self._session.recording
        change = recording.change(step)
        bound = [path for path, tensor in change.names if tensor] if change else []
        return (bound or list(recording.names_at(step)) or [""])[-1]
