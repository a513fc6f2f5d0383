"""The tensor as images: grey, in colour, a batch side by side, layers as small multiples."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.model.values.colour_scale import natural_kind, scale_over
from explorer.model.values.first_look import first_looks
from explorer.model.values.image_reading import (
    ImageReading,
    brightness_range,
    bytes_of_image,
    readings,
)
from explorer.protocol.values import NumberBox, ReadSummary
from explorer.ui.theme import appearance, theme
from explorer.ui.values.reader import Blocks, ValuesReader
from explorer.ui.values.tab import ValuesTab, may_shrink
from explorer.ui.widgets.numbers.colour_maps import colour_table, image_of
from explorer.ui.widgets.numbers.image_view import Frame, ImageView

MOST_FRAMES = 64
PIXELS = 1000
"""Pixels that all frames of a row or column share; finer blocks would not be seen."""


class ImageTab(ValuesTab):
    """Images, and which dimensions they are made of."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(reader, parent)
        self.picture = ImageView(self)
        self.reading, self.colours = QComboBox(self), QComboBox(self)
        self.note = QLabel(self)
        self.note.setObjectName("muted")
        self._readings: list[ImageReading] = []
        for text, data in (("grey", "grey"), ("colour map", "map")):
            self.colours.addItem(text, data)
        self.reading.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.reading.setAccessibleName("Which dimensions make an image")
        self.colours.setAccessibleName("Colours of single-channel images")
        row = QHBoxLayout()
        row.setContentsMargins(12, 2, 10, 0)
        row.addWidget(self.reading)
        row.addWidget(self.colours)
        row.addWidget(self.note, 1)
        may_shrink(self.reading, self.colours, self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.picture, 1)
        self.reading.activated.connect(self.refresh)
        self.colours.activated.connect(self.refresh)
        self.picture.chosen.connect(self._chosen)
        appearance().changed.connect(self.refresh)
        self.setFocusProxy(self.reading)

    @property
    def shown(self) -> QWidget:
        return self.picture

    def changed(self, keep_place: bool) -> None:
        found = readings(self.view.shape) if self.view.page is None else []
        if found != self._readings:
            self._readings = found
            self.reading.clear()
            for reading in found:
                self.reading.addItem(reading.title)

    def refresh(self) -> None:
        view, reading = self.view, self._reading()
        if view.page is not None or view.plane is None or view.sight is None or reading is None:
            self.note.setText("An image needs two dimensions." if view.page is None else "")
            self.picture.show_frames([], "")
            return
        self.colours.setVisible(not reading.in_colour)
        box = self._box(reading)
        fine = self._request(reading, box)
        looks = first_looks(fine)
        if fine.block != (1, 1):
            looks.append(fine)
        self.reader.drop_pictures(view.sight, looks)
        held = self.reader.finest_picture(looks)
        if held is not None:
            self._show(reading, box, held[1])

    def clear(self) -> None:
        """No image until there is one of this view."""
        self.picture.show_frames([], "")

    def _reading(self) -> ImageReading | None:
        at = self.reading.currentIndex()
        return self._readings[at] if 0 <= at < len(self._readings) else None

    def _frames(self, reading: ImageReading) -> int:
        if reading.batch is None:
            return 1
        return min(self.view.shape[reading.batch], MOST_FRAMES)

    def _box(self, reading: ImageReading) -> NumberBox:
        """All of the image's dimensions; the others where the plane stands."""
        plane, shape = self.view.plane, self.view.shape
        assert plane is not None
        starts, counts = list(plane.index_of(0, 0)), [1] * len(shape)
        for dim in (reading.rows, reading.columns, reading.channels):
            if dim is not None:
                starts[dim], counts[dim] = 0, shape[dim]
        if reading.batch is not None:
            # The frames begin at the page of them that holds the plane's own.
            page = starts[reading.batch] // MOST_FRAMES * MOST_FRAMES
            starts[reading.batch] = page
            counts[reading.batch] = min(MOST_FRAMES, shape[reading.batch] - page)
        return NumberBox(tuple(starts), tuple(counts), (1,) * len(shape))

    def _request(self, reading: ImageReading, box: NumberBox) -> ReadSummary:
        side = max(int(PIXELS / max(self._frames(reading), 1) ** 0.5), 16)
        cells = (self.view.shape[reading.rows], self.view.shape[reading.columns])
        block = max(-(-max(cells) // side), 1)
        assert self.view.sight is not None
        return ReadSummary(
            self.view.sight, box, reading.rows, reading.columns, (block, block), "mean"
        )

    def _show(self, reading: ImageReading, box: NumberBox, found: Blocks) -> None:
        channels = 1 if reading.channels is None else self.view.shape[reading.channels]
        _, high, wide = found.values.shape
        images = found.values.reshape(-1, channels, high, wide)
        rows, columns = self.view.shape[reading.rows], self.view.shape[reading.columns]
        frames = []
        for at, image in enumerate(images):
            made = self._image(reading, image, found.values)
            frames.append(Frame(made, self._label(reading, box, at), rows, columns))
        count = f"{len(frames)} images" if len(frames) > 1 else "one image"
        words = f"{count} of {rows} × {columns}"
        if reading.batch is not None and self.view.shape[reading.batch] > len(frames):
            words += f", out of {self.view.shape[reading.batch]:,}"
        self.drawn()
        self.note.setText(words)
        self.picture.show_frames(frames, f"{self.view.name}: {words}.")
        self._mark(reading, box)

    def _image(self, reading: ImageReading, image: np.ndarray, every: np.ndarray) -> QImage:
        found = self.statistics()
        low = float(found.low) if found is not None and found.low is not None else None
        high = float(found.high) if found is not None and found.high is not None else None
        if not reading.in_colour and self.colours.currentData() == "map":
            scale = scale_over(natural_kind(low or 0.0, high or 0.0), every)
            return image_of(image[0], scale, colour_table(theme(), diverging=scale.diverging))
        if low is None:
            finite = every[np.isfinite(every)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        assert self.view.sight is not None
        pixels = bytes_of_image(image, brightness_range(self.view.sight.source.dtype, low, high))
        high_, wide, _ = pixels.shape
        return QImage(pixels.data, wide, high_, 4 * wide, QImage.Format.Format_RGBA8888).copy()

    def _label(self, reading: ImageReading, box: NumberBox, at: int) -> str:
        if reading.batch is None:
            return ""
        index = [":"] * len(self.view.shape)
        for dim, start in enumerate(box.starts):
            if box.counts[dim] == 1 and dim not in (reading.rows, reading.columns):
                index[dim] = str(start)
        index[reading.batch] = str(box.starts[reading.batch] + at)
        while index and index[-1] == ":":
            index.pop()
        return f"{self.view.name}[{', '.join(index)}]"

    def _mark(self, reading: ImageReading, box: NumberBox) -> None:
        view = self.view
        if view.cell is None or view.plane is None:
            self.picture.set_current(None)
            return
        index = view.plane.index_of(*view.cell)
        frame = 0 if reading.batch is None else index[reading.batch] - box.starts[reading.batch]
        self.picture.set_current((frame, index[reading.rows], index[reading.columns]))

    def _chosen(self, frame: int, row: int, column: int) -> None:
        """A pixel is the cell at its row and column; in another frame the plane moves there."""
        view, reading = self.view, self._reading()
        if view.plane is None or reading is None:
            return
        index = list(view.plane.index_of(*(view.cell or (0, 0))))
        index[reading.rows], index[reading.columns] = row, column
        if reading.batch is not None:
            index[reading.batch] = self._box(reading).starts[reading.batch] + frame
        self.index_chosen.emit(tuple(index))
