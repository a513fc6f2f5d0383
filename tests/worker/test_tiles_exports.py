"""Files hold exactly the numbers, and never half of them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.protocol.values import Exported, ExportNumbers, NumberBox
from explorer.worker.values import exports
from explorer.worker.values.exports import export_numbers
from explorer.worker.values.fields import CannotShow, whole
from tests.worker.random_tensors import SIGHT, Made, boxes, cut, strided

CONVERTIBLE = ["bool", "uint8", "int8", "int32", "int64", "uint64", "float16", "bfloat16",
               "float32", "float64", "float8_e4m3fn", "complex64", "complex128"]  # fmt: skip
SAME = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(
    tensor: torch.Tensor, box: NumberBox, path: Path, form: str, keep: tuple[int, ...] = ()
) -> Exported:
    request = ExportNumbers(SIGHT, box, str(path), form, "x", keep)
    *_, last = export_numbers(request, lambda source: tensor)
    assert last is not None
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]
    assert last.nbytes == path.stat().st_size
    return last


def same(left: np.ndarray, right: torch.Tensor) -> bool:
    wide = torch.complex128 if right.is_complex() else torch.float64
    if not (right.is_floating_point() or right.is_complex()):
        return left.tolist() == right.tolist()
    with np.errstate(invalid="ignore"):
        return np.array_equal(
            left.astype(str(wide).removeprefix("torch.")),
            right.to(wide).resolve_conj().resolve_neg().numpy(),
            equal_nan=True,
        )


@SAME
@given(made=strided(CONVERTIBLE), data=st.data())
@pytest.mark.parametrize("form", ["npy", "npz"])
def test_numpy_reads_it_back(
    tmp_path: Path, form: str, made: Made, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", data.draw(st.integers(1, 40)))
    box = data.draw(boxes(tuple(made.tensor.shape)))
    said = write(made.tensor, box, tmp_path / f"a.{form}", form)
    read = np.load(tmp_path / f"a.{form}")
    numbers = read["x"] if form == "npz" else read
    expected = cut(made.tensor, box)
    assert numbers.shape == tuple(expected.shape)
    assert same(numbers, expected), made.how
    assert bool(said.remark) == (made.tensor.dtype in (torch.bfloat16, torch.float8_e4m3fn))


@pytest.mark.parametrize(
    ("name", "dtype"), [("F32", "float32"), ("BF16", "bfloat16"), ("U8", "uint8"), ("BOOL", "bool"),
                        ("F8_E4M3", "float8_e4m3fn"), ("I64", "int64")],
)  # fmt: skip
def test_safetensors(tmp_path: Path, name: str, dtype: str) -> None:
    tensor = torch.arange(6).view(2, 3).to(getattr(torch, dtype)).t()
    write(tensor, whole((3, 2)), tmp_path / "a.safetensors", "safetensors")
    raw = (tmp_path / "a.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    assert length % 8 == 0
    header = json.loads(raw[8 : 8 + length])
    size = 6 * tensor.element_size()
    assert header == {"x": {"dtype": name, "shape": [3, 2], "data_offsets": [0, size]}}
    back = torch.frombuffer(bytearray(raw[8 + length :]), dtype=tensor.dtype).view(3, 2)
    assert torch.equal(back.double(), tensor.double())


def test_a_slice_in_the_order_that_is_looked_at(tmp_path: Path) -> None:
    x = torch.arange(24).view(2, 3, 4)
    box = NumberBox((1, 0, 0), (1, 3, 4), (1, 1, 1))
    write(x, box, tmp_path / "a.npy", "npy", keep=(2, 1))
    assert np.load(tmp_path / "a.npy").tolist() == x[1].t().tolist()
    write(x, box, tmp_path / "a.npy", "npy", keep=(1, 2))
    assert np.load(tmp_path / "a.npy").tolist() == x[1].tolist()


def test_csv_means_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PIECE", 4)
    for x in (torch.randn(3, 5), torch.randn(3, 5).bfloat16(), torch.randn(7)):
        write(x, whole(tuple(x.shape)), tmp_path / "a.csv", "csv")
        read = np.loadtxt(tmp_path / "a.csv", delimiter=",", ndmin=2)
        assert torch.equal(torch.tensor(read).to(x.dtype), x.reshape(-1, x.shape[-1]))
    write(torch.tensor([[True, False]]), whole((1, 2)), tmp_path / "a.csv", "csv")
    assert (tmp_path / "a.csv").read_text() == "True,False\n"
    write(torch.tensor([1 - 2j]), whole((1,)), tmp_path / "a.csv", "csv")
    assert (tmp_path / "a.csv").read_text() == "1-2j\n"
    big = torch.tensor([2**64 - 1], dtype=torch.uint64)
    write(big, whole((1,)), tmp_path / "a.csv", "csv")
    assert (tmp_path / "a.csv").read_text() == "18446744073709551615\n"
    packed = torch.tensor([0x1F], dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    said = write(packed, whole((1,)), tmp_path / "a.csv", "csv")
    assert (tmp_path / "a.csv").read_text() == "-6.0 0.5\n"
    assert "several numbers" in said.remark


def test_never_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PIECE", 10)
    path = tmp_path / "a.npy"
    path.write_text("what was there before")
    x = torch.zeros(100)
    work = export_numbers(ExportNumbers(SIGHT, whole((100,)), str(path), "npy"), lambda source: x)
    next(work)
    next(work)
    work.close()  # type: ignore[attr-defined]
    assert path.read_text() == "what was there before"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("where", "form", "says"),
    [("missing/a.npy", "npy", "cannot be written"), ("a.xls", "xls", "is no form"),
     ("a.safetensors", "safetensors", "safetensors has no complex128")],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, where: str, form: str, says: str) -> None:
    request = ExportNumbers(SIGHT, whole((2,)), str(tmp_path / where), form)
    with pytest.raises(CannotShow, match=says):
        list(export_numbers(request, lambda source: torch.zeros(2, dtype=torch.complex128)))
    assert list(tmp_path.iterdir()) == []
