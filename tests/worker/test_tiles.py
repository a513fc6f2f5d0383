"""Every box of every kind of tensor arrives as torch's own slicing has it, bit by bit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.numbers import decode
from explorer.protocol.number_formats import FORMATS
from explorer.protocol.values import NumberBox, ReadShape, ReadTile, Sight
from explorer.worker.tiles import read_shape, read_tile
from explorer.worker.values.fields import CannotShow, StridedField, whole
from explorer.worker.values.sights import field_of, parts_of
from tests.worker.random_tensors import SIGHT, SOURCE, Made, boxes, cut, strided

# What torch says once when such a tensor is made.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental"),
    pytest.mark.filterwarnings("ignore:Sparse .*"),
]


def tile(tensor: torch.Tensor, box: NumberBox, part: str = "") -> tuple[str, bytes, str]:
    answer = read_tile(ReadTile(Sight(SOURCE, part), box), lambda source: tensor)
    assert answer.shape == box.counts
    return answer.dtype, answer.tail, answer.absent


def plain_bytes(tensor: torch.Tensor) -> bytes:
    """The bytes of a tensor's elements row by row, by torch's own elementwise reading."""
    tensor = tensor.resolve_conj().resolve_neg()
    if tensor.dtype == torch.complex128:
        return tensor.contiguous().numpy().tobytes()
    carriers = [torch.uint8, torch.int16, torch.int32, torch.int64]
    carrier = carriers[tensor.element_size().bit_length() - 1]
    return tensor.view(carrier).contiguous().numpy().tobytes()


@given(strided(), st.data())
def test_every_dtype_layout_and_box(made: Made, data: st.DataObject) -> None:
    box = data.draw(boxes(tuple(made.tensor.shape)))
    dtype, tail, absent = tile(made.tensor, box)
    assert dtype == str(made.tensor.dtype).removeprefix("torch.")
    assert absent == ""
    assert tail == plain_bytes(cut(made.tensor, box)), made.how


@given(strided(["float32", "complex64", "int16", "float8_e5m2"]), st.data())
def test_pieces_hold_every_number_once(made: Made, data: st.DataObject) -> None:
    box = data.draw(boxes(tuple(made.tensor.shape)))
    limit = data.draw(st.integers(1, 12))
    got: dict[bytes, int] = {}
    for piece, times in StridedField(made.tensor).pieces(box, limit):
        assert 0 < piece.numel() <= limit
        for element in piece.reshape(-1):
            key = plain_bytes(element)
            got[key] = got.get(key, 0) + times
    expected: dict[bytes, int] = {}
    for element in cut(made.tensor, box).reshape(-1):
        key = plain_bytes(element)
        expected[key] = expected.get(key, 0) + 1
    assert got == expected


def sparse_kinds() -> list[tuple[str, Callable[[torch.Tensor], torch.Tensor]]]:
    return [
        ("coo", lambda d: d.to_sparse()),
        ("coo with dense rows", lambda d: d.to_sparse(1)),
        ("csr", lambda d: d.to_sparse_csr()),
        ("csc", lambda d: d.to_sparse_csc()),
        ("bsr", lambda d: d.to_sparse_bsr((2, 3))),
        ("bsc", lambda d: d.to_sparse_bsc((2, 3))),
    ]


@pytest.mark.parametrize(("kind", "make"), sparse_kinds())
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.complex64, torch.bool])
@given(data=st.data())
def test_sparse_tensors_as_dense(
    kind: str, make: Callable[[torch.Tensor], torch.Tensor], dtype: torch.dtype, data: st.DataObject
) -> None:
    seed = data.draw(st.integers(0, 9))
    generator = torch.Generator().manual_seed(seed)
    dense = (torch.rand(6, 9, generator=generator) * 9 * (torch.rand(6, 9) < 0.3)).to(dtype)
    box = data.draw(boxes((6, 9)))
    _, tail, absent = tile(make(dense), box)
    assert absent == "zero"
    size = box.counts[0] * box.counts[1]
    assert tail[: size * dtype.itemsize] == plain_bytes(cut(dense, box))
    missing = np.frombuffer(tail[size * dtype.itemsize :], bool).reshape(box.counts)
    assert not np.any(missing & cut(dense != 0, box).numpy())
    if kind in ("coo", "csr", "csc"):
        assert np.array_equal(missing, cut(dense == 0, box).numpy())


def test_sparse_tensors_as_stored() -> None:
    dense = torch.eye(4)
    coo = torch.sparse_coo_tensor(
        torch.tensor([[0, 0], [1, 1]]), [2.0, 3.0], (2, 2)
    )  # one place stored twice
    assert [name for name, _ in parts_of(coo)] == ["indices", "values"]
    assert field_of(coo).box(whole((2, 2))).tolist() == [[0.0, 5.0], [0.0, 0.0]]
    assert field_of(coo, "values").box(whole((2,))).tolist() == [2.0, 3.0]
    csr = dense.to_sparse_csr()
    assert field_of(csr, "crow_indices").box(whole((5,))).tolist() == [0, 1, 2, 3, 4]
    batched = torch.stack([dense, 2 * dense]).to_sparse_csr()
    assert torch.equal(field_of(batched).box(whole((2, 4, 4))), torch.stack([dense, 2 * dense]))
    hybrid = torch.rand(4, 6, 2).to_sparse_bsr((2, 3), dense_dim=1)
    assert torch.equal(field_of(hybrid).box(whole((4, 6, 2))), hybrid.to_dense())


def test_a_sparse_tensor_of_immense_shape() -> None:
    size = 2**31
    coo = torch.sparse_coo_tensor(torch.tensor([[5], [size - 1]]), [7.0], (size, size))
    box = NumberBox((4, size - 2), (3, 2), (1, 1))
    dtype, tail, _ = tile(coo, box)
    assert decode(dtype, tail[:24], (3, 2)).tolist() == [[0, 0], [0, 7], [0, 0]]


@pytest.mark.filterwarnings("ignore:torch.quantize_per")
def test_quantized_tensors() -> None:
    x = torch.linspace(-3, 3, 24).view(4, 6)
    box = NumberBox((1, 0), (2, 3), (2, 2))
    kinds = [torch.quint8, torch.qint8, torch.qint32]
    made = [torch.quantize_per_tensor(x, 0.1, 3, kind) for kind in kinds]
    scales, zeros = torch.tensor([0.1, 0.2, 0.3, 0.4]), torch.zeros(4, dtype=torch.int64)
    made += [torch.quantize_per_channel(x, scales, zeros, 0, k) for k in kinds[:2]]
    made += [torch.quantize_per_channel(x, scales, zeros.float(), 0, torch.quint8)]
    made += [torch.quantize_per_channel(x, scales, zeros.float(), 0, torch.quint4x2)]
    for q in made:
        dtype, tail, _ = tile(q, box)
        assert dtype == "float32"
        assert decode(dtype, tail, (2, 3)).tolist() == cut(q.dequantize(), box).tolist(), q.dtype
    for q in made[:6]:
        dtype, tail, _ = tile(q, box, "int_repr")
        assert decode(dtype, tail, (2, 3)).tolist() == cut(q.int_repr(), box).tolist()
    assert field_of(made[3], "scales").box(whole((4,))).tolist() == scales.double().tolist()
    scalar = torch.quantize_per_tensor(torch.tensor(1.0), 0.5, 0, torch.qint8)
    assert decode("float32", tile(scalar, whole(()))[1], ()).item() == 1.0


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_nested_tensors(layout: torch.layout) -> None:
    parts = [torch.arange(6.0).view(2, 3), torch.arange(12.0).view(4, 3) + 10]
    nested = torch.nested.nested_tensor(parts, layout=layout)
    dtype, tail, absent = tile(nested, whole((2, 4, 3)))
    assert (dtype, absent) == ("float32", "nothing")
    numbers = decode(dtype, tail[: 24 * 4], (2, 4, 3))
    missing = np.frombuffer(tail[24 * 4 :], bool).reshape(2, 4, 3)
    assert np.array_equal(numbers[0, :2], parts[0].numpy())
    assert np.array_equal(numbers[1], parts[1].numpy())
    assert missing[0, 2:].all()
    assert missing.sum() == 6
    small = NumberBox((0, 1, 2), (2, 2, 1), (1, 2, 1))
    assert decode(dtype, tile(nested, small)[1][:16], (2, 2, 1)).ravel().tolist() == [5, 0, 15, 21]
    assert field_of(nested, "component 1").shape == (4, 3)
    if layout is torch.jagged:
        assert field_of(nested, "offsets").box(whole((3,))).tolist() == [0, 2, 6]


def test_halves_of_complex_numbers() -> None:
    z = torch.tensor([3 + 4j, -1j, 2 + 0j]).conj()
    for part, _ in parts_of(z):
        dtype, tail, _ = tile(z, whole((3,)), part)
        expected = getattr(z, part)() if part in ("abs", "angle") else getattr(z, part)
        assert decode(dtype, tail, (3,)).tolist() == pytest.approx(expected.tolist())


def test_shapes_of_63_bits_and_64_dimensions() -> None:
    immense = torch.arange(3.0).as_strided((2**31, 2**31), (0, 0), 2)
    box = NumberBox((2**31 - 2, 5), (2, 2), (1, 2**30))
    assert decode("float32", tile(immense, box)[1], (2, 2)).tolist() == [[2, 2], [2, 2]]
    deep = torch.arange(4.0).view((1,) * 62 + (2, 2))
    box = NumberBox((0,) * 63 + (1,), (1,) * 62 + (2, 1), (1,) * 64)
    assert decode("float32", tile(deep, box)[1], (2,)).tolist() == [1, 3]


def test_a_scalar_and_nothing() -> None:
    assert tile(torch.tensor(2.5), whole(())) == ("float32", np.float32(2.5).tobytes(), "")
    assert tile(torch.empty(0, 3), whole((0, 3)))[1] == b""
    assert tile(torch.ones(2, 3), NumberBox((0, 0), (2, 0), (1, 1)))[1] == b""


@pytest.mark.parametrize(
    ("box", "says"),
    [
        (NumberBox((0,), (2,), (1,)), "outside"),
        (NumberBox((0, 2), (2, 2), (1, 1)), "outside"),
        (NumberBox((0, -1), (2, 2), (1, 1)), "outside"),
        (NumberBox((0, 0), (2, 2), (1, 0)), "outside"),
        (NumberBox((0, 0), (2**40, 2**40), (1, 1)), "more than a tile"),
    ],
)
def test_boxes_that_are_refused(box: NumberBox, says: str) -> None:
    with pytest.raises(CannotShow, match=says):
        read_tile(ReadTile(SIGHT, box), lambda source: torch.ones(2, 3))


def test_what_has_no_numbers() -> None:
    with pytest.raises(CannotShow, match="shape but no numbers"):
        field_of(torch.empty(3, device="meta"))
    with pytest.raises(CannotShow, match="no part 'real'"):
        field_of(torch.ones(3), "real")


def test_the_shape_of_a_sight() -> None:
    z = torch.zeros(2, 3, dtype=torch.complex64)
    answer = read_shape(ReadShape(Sight(SOURCE, "imag")), lambda source: z)
    assert (answer.dtype, answer.shape) == ("float32", (2, 3))
    assert [name for name, _ in answer.parts] == ["real", "imag", "abs", "angle"]


def test_reading_never_copies_a_lazy_snapshot() -> None:
    snapshot = torch._lazy_clone(torch.randn(64, 64))
    field = StridedField(snapshot)
    read_tile(ReadTile(SIGHT, NumberBox((0, 1), (8, 8), (2, 3))), lambda source: snapshot)
    for piece, _ in field.pieces(whole((64, 64)), 100):
        piece.sum()
    assert getattr(torch._C, "_is_cow_tensor")(snapshot)  # noqa: B009


def test_every_known_format_can_be_read() -> None:
    for name, kind in FORMATS.items():
        if name.startswith("q"):
            continue
        raw = torch.arange(4 * kind.itemsize, dtype=torch.uint8)
        tensor = raw.view(getattr(torch, name))
        assert tile(tensor, whole((4,)))[1] == bytes(range(4 * kind.itemsize)), name
