"""Which dimensions of a tensor are the rows, columns, colours and pictures of images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHANNELS = (1, 3, 4)
SMALLEST = 4
"""Images are at least so many pixels high and wide; smaller things are likely no image."""
STRIPE = 128
"""Rows that are turned into bytes at a time: a large picture needs little room on the way."""


@dataclass(frozen=True)
class ImageReading:
    """Dimensions of the tensor; ``channels`` and ``batch`` are None where there are none."""

    title: str
    rows: int
    columns: int
    channels: int | None = None
    batch: int | None = None

    @property
    def in_colour(self) -> bool:
        return self.channels is not None


def readings(shape: tuple[int, ...]) -> list[ImageReading]:
    """Every way to read a shape as images, the likeliest first."""
    count = len(shape)
    if count < 2:
        return []
    layered = count > 2
    title = "one picture per layer" if layered else "grey"
    found = [ImageReading(title, count - 2, count - 1, None, count - 3 if layered else None)]
    if count > 2 and shape[-1] in CHANNELS:
        batch = count - 4 if count > 3 else None
        title = "rows × columns × colours"
        last = ImageReading(title, count - 3, count - 2, count - 1, batch)
        found.insert(0 if _large(shape, last) else len(found), last)
    if count > 2 and shape[-3] in CHANNELS:
        batch = count - 4 if count > 3 else None
        title = "colours × rows × columns"
        first = ImageReading(title, count - 2, count - 1, count - 3, batch)
        found.insert(0 if _large(shape, first) else len(found), first)
    return found


def _large(shape: tuple[int, ...], reading: ImageReading) -> bool:
    return min(shape[reading.rows], shape[reading.columns]) >= SMALLEST


def brightness_range(dtype: str, low: float | None, high: float | None) -> tuple[float, float]:
    """The numbers that are black and white: 0 to 255 of bytes, 0 to 1 of fractions, else all."""
    if dtype == "uint8":
        return 0.0, 255.0
    if dtype == "bool" or low is None or high is None or (low >= 0 and 0 < high <= 1):
        return 0.0, 1.0
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def bytes_of_image(
    values: NDArray[np.floating[Any]], span: tuple[float, float]
) -> NDArray[np.uint8]:
    """Channels × rows × columns of numbers as rows × columns × red, green, blue, alpha.

    One channel is grey; NaN is magenta, so that it cannot be mistaken for a colour of the image.
    """
    out = np.empty((*values.shape[1:], 4), np.uint8)
    for first in range(0, values.shape[1], STRIPE):
        out[first : first + STRIPE] = _bytes_of_rows(values[:, first : first + STRIPE], span)
    return out


def _bytes_of_rows(
    values: NDArray[np.floating[Any]], span: tuple[float, float]
) -> NDArray[np.uint8]:
    low, high = span
    with np.errstate(all="ignore"):
        share = (values.astype(np.float64) - low) / ((high - low) or 1.0)
        light = np.nan_to_num(np.clip(share, 0, 1) * 255, nan=0.0).round().astype(np.uint8)
    if light.shape[0] < 3:
        light = np.repeat(light[:1], 3, axis=0)
    if light.shape[0] == 3:
        light = np.concatenate([light, np.full_like(light[:1], 255)])
    out = np.moveaxis(light[:4], 0, -1)
    out[np.isnan(values).any(axis=0)] = (255, 0, 255, 255)
    return out
