"""Brings a storage strip the numbers that it wishes for."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from explorer.model.numbers import TextStyle, UnknownDtype, decode, known, magnitudes, texts
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Failed
from explorer.protocol.values import NumberBox, ReadSummary, ReadTile, Sight, Summary, Tile
from explorer.ui.session import Session
from explorer.ui.widgets.storage.storage_strip import StorageStrip
from explorer.ui.widgets.storage.strip_content import Numbers

_STYLE = TextStyle("decimals", 2)


class StripReader(QObject):
    """Reads the storage as one row of elements of the chosen tensor's dtype.

    Colours are of one scale per content: the furthest number from zero that was read so far.
    """

    def __init__(self, session: Session, strip: StorageStrip) -> None:
        super().__init__(strip)
        self._session = session
        self._strip = strip
        self._content = 0
        self._dtype = ""
        self._length = 0
        self._furthest = 0.0
        self._asked: set[int] = set()
        self.sentence = ""
        strip.numbers_wanted.connect(self._wanted)

    def read_from(self, content: int, dtype: str, length: int) -> None:
        """From now on read this content; what was asked of another is not wanted any more."""
        if (content, dtype, length) == (self._content, self._dtype, self._length):
            return
        for number in self._asked:
            self._session.cancel(number)
        self._asked.clear()
        if dtype != self._dtype:
            self._strip.forget_widths()
        self._content, self._dtype, self._length = content, dtype, length
        self._furthest = 0.0
        self._strip.set_scale(1.0)
        self.sentence = ""

    def _wanted(self, start: int, stop: int, cells: int) -> None:
        if not self._content:
            return
        source = NumbersOf(self._content, self._dtype, (self._length,), (1,), 0)
        box = NumberBox((start,), (stop - start,), (1,))
        request: object = ReadTile(Sight(source), box)
        if cells > 1:
            request = ReadSummary(Sight(source), box, -1, 0, (1, cells), "sample")
        answered = partial(self._answered, self._content, start, stop, cells)
        number = self._session.ask(request, answered, owner=self)
        if number:
            self._asked.add(number)

    def _answered(self, content: int, start: int, stop: int, cells: int, answer: Any) -> None:
        if content != self._content:
            return
        if isinstance(answer, Failed):
            self.sentence = answer.sentence
            self._strip.numbers_failed(start, stop, cells)
            return
        try:
            numbers = self._numbers(answer)
        except UnknownDtype as unknown:
            self.sentence = str(unknown)
            return
        if numbers is not None:
            self._widen(numbers.values)
            self._strip.set_numbers(start, cells, numbers)

    def _numbers(self, answer: Any) -> Numbers | None:
        if isinstance(answer, Tile):
            count = answer.shape[0]
            raw = answer.tail[: count * known(answer.dtype).itemsize]
            sizes = magnitudes(answer.dtype, decode(answer.dtype, raw, answer.shape))
            return Numbers(short_texts(answer.dtype, raw), sizes)
        if isinstance(answer, Summary):
            made = np.frombuffer(answer.tail, "<f8" if answer.dtype == "float64" else "<f4")
            return Numbers([], made.astype(np.float64))
        return None

    def _widen(self, values: NDArray[np.float64]) -> None:
        finite = np.abs(values[np.isfinite(values)])
        furthest = float(finite.max()) if len(finite) else 0.0
        if furthest > self._furthest:
            self._furthest = furthest
            self._strip.set_scale(furthest)


def short_texts(dtype: str, raw: bytes) -> list[str]:
    """Numbers in as few characters as a narrow cell has room for; floats keep their point."""
    kind = known(dtype)
    if kind.kind != "float" or kind.count > 1:
        return texts(dtype, raw, _STYLE)
    values = decode(dtype, raw, (len(raw) // kind.itemsize,)).tolist()
    return [_short(value) for value in values]


def _short(value: float) -> str:
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    text = f"{value:.4g}"
    return text if any(mark in text for mark in ".e") else text + "."
