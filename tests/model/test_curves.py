"""Curves are found in what was recorded; files hold every point."""

from __future__ import annotations

import csv
import io
import math
import struct
from pathlib import Path

import numpy as np
import pytest

from explorer.model.recording import Recording
from explorer.model.training.curve_export import as_csv, as_npz, write_curves
from explorer.model.training.curves import Curve, CurveBook, CurveKey, bound_names, tensor_points
from explorer.model.training.event_file import crc32c, event_file, masked
from explorer.protocol.recording import CardKind, FileMarked, Statement, StepChange, StepsRecorded

KEY = CurveKey(2, 0, "loss", 3, "a.py")
SCALAR = CardKind("Tensor", "float32", (), (), 0, 4, "cpu", "strided", False, True, "")


def looped(times: int) -> Recording:
    """``x = 1`` once, then ``loss = f(x)`` so many times, each a new 0-dimensional tensor."""
    made = Recording()
    codes = ["x = 1", "loss = f(x)", "print(loss)"]
    statements = tuple(
        Statement(n, 1, n + 1, n + 1, "<module>", code) for n, code in enumerate(codes, 1)
    )
    made.file_marked(FileMarked(1, "a.py", statements))
    ran = [1] + [2, 3] * times
    rows = np.array([ran, [0] * len(ran), [0] * len(ran)], dtype="<i4")
    changes = tuple(
        StepChange(
            1 + 2 * n, (("loss", n + 1),), ((n + 1, 1, n + 1, 0, 0, 0, 0),), ((n + 1, n + 1, 4, 0),)
        )
        for n in range(times)
    )
    made.steps_recorded(
        StepsRecorded(0, len(ran), rows.tobytes(), kinds=(SCALAR,), changes=changes)
    )
    return made


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("loss = f(x)", ("loss",)),
        ("a, (b, c) = f()", ("a", "b", "c")),
        ("a = b = 3", ("a", "b")),
        ("total += loss", ("total",)),
        ("n: int = 3", ("n",)),
        ("x[0] = 3", ()),
        ("x.y = 3", ()),
        ("print(x)", ()),
        ("for i in range(3):", ()),
        ("", ()),
    ],
)
def test_names_that_a_statement_binds(code: str, names: tuple[str, ...]) -> None:
    assert bound_names(code) == names


def test_points_come_once_and_a_little_at_a_time() -> None:
    made, book = looped(10), CurveBook()
    seen: list[int] = []
    while found := book.new_points(made, 4):
        for points in found:
            assert points.key.name == "loss"
            assert len(points.steps) <= 4
            seen += points.steps.tolist()
    assert seen == [1 + 2 * n for n in range(10)]


def test_a_tensor_without_dimensions_is_a_point() -> None:
    made = looped(5)
    (points,) = CurveBook().new_points(made, 100)
    assert [point.wanted.content for point in tensor_points(made, points)] == [1, 2, 3, 4, 5]


def test_what_ran_twice_is_no_curve() -> None:
    assert CurveBook().new_points(looped(2), 100) == []


def test_late_answers_are_put_in_order() -> None:
    book = CurveBook()
    book.add(KEY, [5, 7], [5.0, 7.0])
    book.add(KEY, [1, 6], [1.0, 6.0])
    (curve,) = book.shown()
    assert curve.steps.tolist() == [1, 5, 6, 7]
    assert curve.values.tolist() == [1.0, 5.0, 6.0, 7.0]


def curve() -> Curve:
    made = Curve(KEY)
    made.extend([1, 3, 5, 9], [0.1, math.nan, math.inf, 1e300])
    return made


def test_csv_has_every_digit() -> None:
    rows = list(csv.reader(io.StringIO(as_csv([curve()]))))
    assert rows[0] == ["name", "line", "step", "value"]
    assert [float(row[3]) for row in rows[1:]][::3] == [0.1, 1e300]
    assert [row[3] for row in rows[2:4]] == ["nan", "inf"]


def test_npz_comes_back() -> None:
    with np.load(io.BytesIO(as_npz([curve()]))) as found:
        assert found["loss@3.step"].tolist() == [1, 3, 5, 9]
        np.testing.assert_array_equal(found["loss@3.value"], [0.1, math.nan, math.inf, 1e300])


def test_crc_of_the_standard() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA


def test_event_file_is_a_chain_of_whole_records() -> None:
    data = event_file([("loss@3", n, n / 2) for n in range(300)], 1.5)
    place = records = 0
    while place < len(data):
        (length,) = struct.unpack_from("<Q", data, place)
        (check,) = struct.unpack_from("<I", data, place + 8)
        assert check == masked(crc32c(data[place : place + 8]))
        body = data[place + 12 : place + 12 + length]
        (check,) = struct.unpack_from("<I", data, place + 12 + length)
        assert check == masked(crc32c(body))
        place += 16 + length
        records += 1
    assert place == len(data)
    assert records == 301


def test_a_strange_ending_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.csv, \.npz or \.tfevents"):
        write_curves(tmp_path / "curves.txt", [curve()], 0.0)
    assert list(tmp_path.iterdir()) == []


def test_a_full_or_missing_folder_leaves_no_half_file(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_curves(tmp_path / "gone" / "curves.csv", [curve()], 0.0)
    write_curves(tmp_path / "curves.csv", [curve()], 0.0)
    assert [file.name for file in tmp_path.iterdir()] == ["curves.csv"]
