"""Event files are what TensorBoard reads: by TensorBoard itself where it is installed, and record
by record against the layout of the protocol buffers everywhere."""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer.model.training.event_file import HistogramPoint, crc32c, event_file, masked
from explorer.model.training.weight_export import as_csv, as_npz, histogram_points
from explorer.model.training.weight_history import Frame, WeightHistory, density, span
from explorer.protocol.values import Bars, Statistics

SCALARS = [("loss@12", step, 1 / (step + 1)) for step in range(4)]
HISTOGRAM = HistogramPoint("w", 3, -1.0, 3.0, 4.0, 10.0, (-0.5, 0.5, 3.5), (1.0, 2.0, 1.0))
WALL = 1_700_000_000.0
BARS = Bars(-2, -1, (1, 0, 2, 0, 0, 0, 0, 1))
COUNTED = Statistics(4, 0, 0, 0, 0, -1.0, 3.0, 1.0, 1.632993, BARS)
HISTORY = WeightHistory("w", True, (Frame(5, COUNTED), Frame(9, COUNTED)), 2)


def records(data: bytes) -> Iterator[bytes]:
    """Every record of a TFRecord file, its two checksums checked."""
    at = 0
    while at < len(data):
        length = data[at : at + 8]
        (size,) = struct.unpack("<Q", length)
        body = data[at + 12 : at + 12 + size]
        assert struct.unpack("<I", data[at + 8 : at + 12])[0] == masked(crc32c(length))
        assert struct.unpack("<I", data[at + 12 + size : at + 16 + size])[0] == masked(crc32c(body))
        yield body
        at += 16 + size


def fields(data: bytes) -> dict[int, Any]:
    """The fields of a protocol buffer, each by its number; the last of several counts."""
    found: dict[int, Any] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            found[key >> 3] = varint()
        elif kind == 1:
            found[key >> 3], at = struct.unpack("<d", data[at : at + 8])[0], at + 8
        elif kind == 5:
            found[key >> 3], at = struct.unpack("<f", data[at : at + 4])[0], at + 4
        else:
            size = varint()
            found[key >> 3], at = data[at : at + size], at + size
    return found


def doubles(data: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(data) // 8}d", data)


def test_record_by_record() -> None:
    version, *events = map(fields, records(event_file([*SCALARS, HISTOGRAM], WALL)))
    assert version == {1: WALL, 3: b"brain.Event:2"}
    for (tag, step, value), event in zip(SCALARS, events[:4], strict=True):
        one = fields(fields(event[5])[1])
        assert (one[1], event[2], event[1]) == (tag.encode(), step, WALL)
        assert one[2] == pytest.approx(value)
    one = fields(fields(events[4][5])[1])
    histogram = fields(one[5])
    assert (events[4][2], one[1]) == (3, b"w")
    assert [histogram[field] for field in range(1, 6)] == [-1.0, 3.0, 4.0, 4.0, 10.0]
    assert doubles(histogram[6]) == HISTOGRAM.limits
    assert doubles(histogram[7]) == HISTOGRAM.counts


@pytest.mark.skipif(
    importlib.util.find_spec("tensorboard") is None, reason="TensorBoard is not installed"
)
def test_tensorboard_reads_it(tmp_path: Path) -> None:
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    path = tmp_path / "curves.tfevents"
    path.write_bytes(event_file([*SCALARS, HISTOGRAM, *histogram_points([HISTORY])], WALL))
    read = accumulators.EventAccumulator(str(path), {"scalars": 0, "histograms": 0})
    read.Reload()
    assert read.Tags()["scalars"] == ["loss@12"]
    assert read.Tags()["histograms"] == ["w", "w.grad"]
    found = [(one.step, one.value) for one in read.Scalars("loss@12")]
    assert found == [(step, pytest.approx(value)) for _, step, value in SCALARS]
    (one,) = read.Histograms("w")
    assert tuple(one.histogram_value.bucket_limit) == HISTOGRAM.limits
    assert tuple(one.histogram_value.bucket) == HISTOGRAM.counts
    assert len(read.Histograms("w.grad")) == 2


def test_histories_become_buckets_without_gaps() -> None:
    first, second = histogram_points([HISTORY])
    assert (first.tag, first.step, second.step) == ("w.grad", 0, 1)
    assert first.limits == (-0.5, 0.0, 0.5, 2.5, 3.0)
    assert first.counts == (1.0, 0.0, 2.0, 0.0, 1.0)
    assert first.total == pytest.approx(4.0)
    assert first.squares == pytest.approx(3 * 1.632993**2 + 4.0)


def test_density_shares_every_bar_among_the_rows() -> None:
    made = density(HISTORY.frames, 8)
    assert span(HISTORY.frames) == (-1.0, 3.0)
    assert made.shape == (8, 2)
    assert made[:, 0] == pytest.approx([0.25, 0, 0.5, 0, 0, 0, 0, 0.25], abs=1e-6)
    lines = as_csv([HISTORY]).splitlines()
    assert lines[0] == "name,step,from,to,count"
    assert lines[1:4] == ["w.grad,5,-1.0,-0.5,1", "w.grad,5,0.0,0.5,2", "w.grad,5,2.5,3.0,1"]
    assert as_npz([HISTORY])[:2] == b"PK"
