"""Curves written to a file: CSV, npz, or an event file for TensorBoard."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from explorer.model.training.curves import Curve
from explorer.model.training.event_file import event_file

FORMATS = (
    "Comma-separated values (*.csv)",
    "NumPy archive (*.npz)",
    "TensorBoard events (*.tfevents)",
)


def write_curves(path: Path, curves: list[Curve], wall_time: float) -> None:
    """Write curves in the format of the file's ending; never half a file.

    Raises:
        ValueError: when the ending is none of the three.
        OSError: when the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        data = as_csv(curves).encode()
    elif ending == ".npz":
        data = as_npz(curves)
    elif ending == ".tfevents" or "tfevents" in path.name:
        data = as_events(curves, wall_time)
    else:
        raise ValueError(f"{path.name} should end in .csv, .npz or .tfevents")
    written(path, data)


def written(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all.

    Raises:
        OSError: when it cannot be written.
    """
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def as_csv(curves: list[Curve]) -> str:
    """One row a point: name, line, step index, value with all its digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "line", "step", "value"])
    for curve in curves:
        for step, value in zip(curve.steps, curve.values, strict=True):
            writer.writerow([curve.key.name, curve.key.line, step, repr(value)])
    return text.getvalue()


def as_npz(curves: list[Curve]) -> bytes:
    """Two arrays a curve: ``name@line.step`` (int64) and ``name@line.value`` (float64)."""
    arrays: dict[str, Any] = {}
    for curve in curves:
        steps, values = curve.arrays()
        arrays[f"{curve.key.name}@{curve.key.line}.step"] = steps
        arrays[f"{curve.key.name}@{curve.key.line}.value"] = values
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)
    return data.getvalue()


def as_events(curves: list[Curve], wall_time: float) -> bytes:
    """An event file whose tags are ``name@line``; the step counts the points of each curve."""
    points = (
        (f"{curve.key.name}@{curve.key.line}", count, value)
        for curve in curves
        for count, value in enumerate(curve.values)
    )
    return event_file(points, wall_time)
