"""Histograms over time written to a file: CSV, npz, or an event file for TensorBoard."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from explorer.model.training.curve_export import written
from explorer.model.training.event_file import HistogramPoint, event_file
from explorer.model.training.weight_history import Frame, WeightHistory, density, rebuilt, span

ROWS = 64


def write_histories(path: Path, found: Sequence[WeightHistory], wall_time: float) -> None:
    """Write histograms in the format of the file's ending; never half a file.

    Raises:
        ValueError: when the ending is none of the three.
        OSError: when the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        written(path, as_csv(found).encode())
    elif ending == ".npz":
        written(path, as_npz(found))
    elif ending == ".tfevents" or "tfevents" in path.name:
        written(path, event_file(histogram_points(found), wall_time))
    else:
        raise ValueError(f"{path.name} should end in .csv, .npz or .tfevents")


def as_csv(found: Sequence[WeightHistory]) -> str:
    """One row a bar: name, step index, left and right border, count."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "step", "from", "to", "count"])
    for one in found:
        for frame in one.frames:
            for left, right, count in rebuilt(frame.counted.bars):
                writer.writerow([one.title, frame.step, repr(left), repr(right), count])
    return text.getvalue()


def as_npz(found: Sequence[WeightHistory]) -> bytes:
    """Three arrays a history: ``name.step`` (int64), ``name.density`` (64 rows from the smallest to
    the largest number × steps, float64) and ``name.span`` (those two numbers)."""
    arrays: dict[str, np.ndarray] = {}
    for one in found:
        arrays[f"{one.title}.step"] = np.array([frame.step for frame in one.frames], np.int64)
        arrays[f"{one.title}.density"] = density(one.frames, ROWS)
        arrays[f"{one.title}.span"] = np.array(span(one.frames))
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)  # type: ignore[arg-type]
    return data.getvalue()


def histogram_points(found: Sequence[WeightHistory]) -> Iterator[HistogramPoint]:
    """What an event file holds of histories; the step counts the changes of each."""
    for one in found:
        for place, frame in enumerate(one.frames):
            yield _point(one.title, place, frame)


def _point(tag: str, place: int, frame: Frame) -> HistogramPoint:
    counted = frame.counted
    limits: list[float] = []
    counts: list[float] = []
    for left, right, number in rebuilt(counted.bars):
        if limits and limits[-1] < left:  # a bucket begins where the one before it ends
            limits.append(left)
            counts.append(0.0)
        limits.append(right)
        counts.append(float(number))
    count = round(sum(counts))
    mean, deviation = counted.mean or 0.0, counted.deviation or 0.0
    return HistogramPoint(
        tag,
        place,
        float(counted.low or 0.0),
        float(counted.high or 0.0),
        mean * count,
        deviation**2 * max(count - 1, 0) + count * mean**2,
        tuple(limits),
        tuple(counts),
    )
