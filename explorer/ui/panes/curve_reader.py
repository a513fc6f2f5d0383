"""Fills the curves a little at a time while the recording grows, without holding up the window."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.training.curves import (
    CurveBook,
    CurveKey,
    ScalarPoints,
    TensorPoint,
    tensor_points,
)
from explorer.protocol.curves import ReadScalars, Scalars
from explorer.protocol.numbers import Numbers, ReadNumbers
from explorer.ui.session import Session

AT_ONCE = 400
"""Points looked at in one go: about two milliseconds."""


class CurveReader(QObject):
    """Keeps a `CurveBook` up to date for the session's recording."""

    grown = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._recording = session.recording
        self.book = CurveBook()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read_some)
        session.recording_changed.connect(self._begin)
        self._begin()

    def _begin(self) -> None:
        if self._session.recording is not self._recording:
            self._recording = self._session.recording
            self.book = CurveBook()
            self.grown.emit()
        if len(self._recording):
            self._timer.start()

    def _read_some(self) -> None:
        found = self.book.new_points(self._recording, AT_ONCE)
        if not found:
            return
        tensors: list[TensorPoint] = []
        for points in found:
            self._ask_scalars(points)
            tensors += tensor_points(self._recording, points)
        if tensors:
            wanted = tuple(point.wanted for point in tensors)
            self._session.ask(
                ReadNumbers(wanted, 1),
                partial(self._numbers_came, self.book, tensors),
                lambda failed: None,
                self,
            )
        self._timer.start()

    def _ask_scalars(self, points: ScalarPoints) -> None:
        request = ReadScalars(points.key.place, points.steps.astype("<i8").tobytes())
        answer = partial(self._scalars_came, self.book, points)
        self._session.ask(request, answer, lambda failed: None, self)

    def _scalars_came(self, book: CurveBook, points: ScalarPoints, answer: Scalars) -> None:
        count = len(points.steps)
        values = np.frombuffer(answer.tail, dtype="<f8", count=count)
        known = np.frombuffer(answer.tail, dtype=np.uint8, offset=8 * count).astype(bool)
        book.add(points.key, points.steps[known].tolist(), values[known].tolist())
        self.grown.emit()

    def _numbers_came(self, book: CurveBook, asked: list[TensorPoint], answer: Numbers) -> None:
        by_key: dict[CurveKey, tuple[list[int], list[float]]] = {}
        for point, numbers in zip(asked, answer.lists, strict=True):
            if isinstance(numbers, list) and len(numbers) == 1:
                steps, values = by_key.setdefault(point.key, ([], []))
                steps.append(point.step)
                values.append(float(numbers[0]))
        for key, (steps, values) in by_key.items():
            book.add(key, steps, values)
        self.grown.emit()
