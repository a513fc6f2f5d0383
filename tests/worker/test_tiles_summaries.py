"""Pictures of blocks agree with torch's own reductions of each block."""

from __future__ import annotations

import math
from math import prod

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.protocol.values import NumberBox, ReadSummary, Summary
from explorer.worker.values import blocks
from explorer.worker.values.fields import CannotShow, whole
from explorer.worker.values.summaries import HOWS, read_summary
from tests.worker.random_tensors import LAYOUTS, SIGHT, cut, viewed


def picture(tensor: torch.Tensor, request: ReadSummary) -> np.ndarray:
    *_, answer = read_summary(request, lambda source: tensor)
    assert isinstance(answer, Summary)
    return np.frombuffer(answer.tail, answer.dtype).reshape(answer.shape)


def oracle(tensor: torch.Tensor, request: ReadSummary) -> np.ndarray:
    """Layers × rows × columns, one block after another."""
    chosen = cut(tensor, request.box)
    dims = [dim for dim in (request.down, request.across) if dim != -1]
    others = [dim for dim in range(chosen.dim()) if dim not in dims]
    chosen = chosen.permute(*others, *dims)
    sizes = [1 if dim == -1 else request.box.counts[dim] for dim in (request.down, request.across)]
    chosen = chosen.reshape(prod(request.box.counts[dim] for dim in others), *sizes)
    plain = chosen.abs() if chosen.is_complex() else chosen.double()
    rows = []
    for layer in plain:
        for r in range(0, sizes[0], request.block[0]):
            for c in range(0, sizes[1], request.block[1]):
                rows.append(one(layer[r : r + request.block[0], c : c + request.block[1]], request))
    shape = [-(-n // b) for n, b in zip(sizes, request.block, strict=True)]
    return np.array(rows).reshape(plain.shape[0], *shape)


def one(block: torch.Tensor, request: ReadSummary) -> float:
    if request.how == "mean":
        return float(block.mean())
    if request.how == "furthest":
        high, low = float(block.max()), float(block.min())
        return high if high >= -low or math.isnan(high) else low
    return float(block.max() if request.how == "max" else block.min())


@st.composite
def requests(draw: st.DrawFn) -> tuple[torch.Tensor, ReadSummary]:
    shape = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    dtype = draw(st.sampled_from([torch.float32, torch.float64, torch.bfloat16, torch.int32,
                                  torch.int64, torch.bool, torch.complex64]))  # fmt: skip
    generator = torch.Generator().manual_seed(draw(st.integers(0, 99)))
    base = torch.randn(shape, generator=generator).mul(9).to(dtype)
    tensor = viewed(base, draw(st.sampled_from(LAYOUTS)))
    dims = draw(st.permutations(range(tensor.dim())))
    down = dims[0] if tensor.dim() > 1 and draw(st.booleans()) else -1
    across = dims[-1] if down == -1 or dims[-1] != down else -1
    counts = [draw(st.integers(1, n)) for n in tensor.shape]
    starts = [draw(st.integers(0, n - c)) for n, c in zip(tensor.shape, counts, strict=True)]
    box = NumberBox(tuple(starts), tuple(counts), (1,) * len(counts))
    block = (draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    how = draw(st.sampled_from([how for how in HOWS if how != "sample"]))
    return tensor, ReadSummary(SIGHT, box, down, across, block, how)


@given(requests(), st.sampled_from([1, 3, 10, 1 << 24]))
def test_blocks_agree_with_torch(drawn: tuple[torch.Tensor, ReadSummary], piece: int) -> None:
    tensor, request = drawn
    kept = blocks.PIECE, blocks.PIECE_CONVERTED
    blocks.PIECE, blocks.PIECE_CONVERTED = piece, piece
    try:
        got = picture(tensor, request)
    finally:
        blocks.PIECE, blocks.PIECE_CONVERTED = kept
    assert got == pytest.approx(oracle(tensor, request), rel=1e-5, abs=1e-5)


@given(requests())
def test_a_sample_is_one_number_out_of_each_block(
    drawn: tuple[torch.Tensor, ReadSummary],
) -> None:
    tensor, request = drawn
    made = [
        ReadSummary(SIGHT, request.box, request.down, request.across, request.block, how)
        for how in ("sample", "min", "max")
    ]
    sample, low, high = (picture(tensor, each) for each in made)
    assert sample.shape == low.shape
    assert np.all((sample >= low) & (sample <= high))


def test_nan_and_infinity_show_in_their_block() -> None:
    x = torch.zeros(4, 4)
    x[0, 0], x[3, 3] = math.nan, math.inf
    for how in ("mean", "max", "min", "furthest"):
        got = picture(x, ReadSummary(SIGHT, whole((4, 4)), 0, 1, (2, 2), how))[0]
        assert math.isnan(got[0, 0]), how
        assert got[0, 1] == 0
        assert got[1, 1] == (0 if how == "min" else math.inf)


def test_a_mean_of_numbers_whose_sum_is_too_large() -> None:
    x = torch.full((64, 64), 3e38)
    got = picture(x, ReadSummary(SIGHT, whole((64, 64)), 0, 1, (64, 64), "mean"))
    assert got[0, 0, 0] == pytest.approx(3e38)


def test_products_with_less_precision_are_not_used() -> None:
    x = torch.randn(256, 256)
    request = ReadSummary(SIGHT, whole((256, 256)), 0, 1, (16, 16), "mean")
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        got = picture(x, request)
    finally:
        torch.set_float32_matmul_precision(before)
    assert got == pytest.approx(oracle(x, request), rel=1e-5, abs=1e-6)


def test_repeated_lines_are_read_once() -> None:
    x = torch.tensor([1.0, 5.0]).unsqueeze(1).expand(2, 2**40)
    request = ReadSummary(SIGHT, whole((2, 2**40)), 0, 1, (1, 2**38), "mean")
    assert picture(x, request).tolist() == [[[1.0] * 4, [5.0] * 4]]


@pytest.mark.filterwarnings("ignore:Sparse .*")
@pytest.mark.parametrize("how", HOWS)
def test_sparse_tensors(how: str) -> None:
    dense = torch.randn(7, 10) * (torch.rand(7, 10) > 0.5)
    dense[0:2, 0:3] = torch.tensor([[-1.0, -2.0, -3.0], [-4.0, -5.0, -6.0]])
    for sparse in (dense.to_sparse(), dense.to_sparse_csr(), dense.to_sparse_csc()):
        request = ReadSummary(SIGHT, whole((7, 10)), 0, 1, (2, 3), how)
        expected = picture(dense, request)
        assert picture(sparse, request) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.filterwarnings("ignore:Sparse .*")
def test_a_sparse_tensor_of_immense_shape() -> None:
    size = 2**31
    coo = torch.sparse_coo_tensor(torch.tensor([[5], [size - 1]]), [-7.0], (size, size))
    request = ReadSummary(SIGHT, whole((size, size)), 0, 1, (2**29, 2**29), "furthest")
    got = picture(coo, request)[0]
    assert got.shape == (4, 4)
    assert got[0, 3] == -7.0
    assert np.count_nonzero(got) == 1


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (ReadSummary(SIGHT, whole((4, 4)), 0, 0, (1, 1), "mean"), "two different dimensions"),
        (ReadSummary(SIGHT, whole((4, 4)), 0, 1, (0, 1), "mean"), "two different dimensions"),
        (ReadSummary(SIGHT, whole((4, 4)), 0, 2, (1, 1), "mean"), "no dimensions"),
        (ReadSummary(SIGHT, whole((4, 4)), 0, 1, (1, 1), "mode"), "no way to sum up"),
        (ReadSummary(SIGHT, whole((4, 5)), 0, 1, (1, 1), "mean"), "outside"),
    ],
)
def test_requests_that_are_refused(request_: ReadSummary, says: str) -> None:
    with pytest.raises(CannotShow, match=says):
        list(read_summary(request_, lambda source: torch.ones(4, 4)))


def test_too_many_blocks_are_refused() -> None:
    x = torch.zeros(1).expand(2**20, 2**20)
    request = ReadSummary(SIGHT, whole((2**20, 2**20)), 0, 1, (1, 1), "sample")
    with pytest.raises(CannotShow, match="too many"):
        list(read_summary(request, lambda source: x))
