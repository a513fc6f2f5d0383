"""Operations read from text: shapes and flowing cells against what torch computes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.model.autograd.flow import Source, sources
from explorer.model.shapes.alignment import CLASHES, STRETCHED, align
from explorer.model.shapes.operation import Operation, operations

ENV: dict[str, Any] = {
    "torch": torch,
    "a": torch.arange(12.0).reshape(3, 4) + 1,
    "b": torch.arange(4.0) + 2,
    "c": torch.arange(3.0).reshape(3, 1) + 3,
    "w": torch.arange(20.0).reshape(4, 5) / 7,
    "big": torch.arange(24.0).reshape(2, 3, 4) / 5,
    "deep": torch.arange(40.0).reshape(2, 4, 5) / 3,
    "s": torch.tensor(2.5),
}


def shape_of(path: str) -> tuple[int, ...] | None:
    value = ENV.get(path)
    return tuple(value.shape) if isinstance(value, torch.Tensor) else None


def outermost(code: str) -> Operation:
    found = [one for one in operations(code, shape_of) if one.result]
    assert found, code
    return found[0]


def taken(source: Source) -> torch.Tensor:
    if not source.operand.path:
        return torch.tensor(float(source.operand.text))
    tensor: torch.Tensor = ENV[source.operand.path]
    return tensor[source.places] if source.places else tensor


POINTWISE = ["a + b", "a * c", "b - c", "a / s", "big ** 2", "2 - a", "a < b", "torch.atan2(a, b)"]
POINTWISE += ["a.pow(2)", "torch.maximum(a, c)", "torch.clamp(a, 2, 5)", "a.sigmoid()", "-1 * big"]
PRODUCTS = ["a @ w", "a.mm(w)", "torch.matmul(big, w)", "a @ b", "b @ w", "b @ b", "big @ deep"]
REDUCTIONS = ["a.sum()", "a.sum(0)", "a.mean(dim=1)", "big.sum(dim=(0, 2), keepdim=True)"]
REDUCTIONS += ["torch.amax(big, dim=-1)", "a.std(dim=0)", "big.mean(1, keepdim=True)", "s.sum()"]
REDUCTIONS += ["torch.norm(a, 2, 1)", "a.prod(dim=1)"]
RUNNING = ["a.cumsum(0)", "big.cumsum(dim=-1)", "torch.cumprod(a, dim=1)"]
INDEXING = [
    "a[1]",
    "a[:, 2]",
    "a[1:3, 0:4:2]",
    "big[-1]",
    "big[0, 1, 2]",
    "big[:, -1, 1:]",
    "b[::3]",
]


@pytest.mark.parametrize("text", POINTWISE + PRODUCTS + REDUCTIONS + RUNNING)
def test_the_shape_of_the_result(text: str) -> None:
    assert align(outermost(f"r = {text}")).result == tuple(eval(text, ENV).shape)


@pytest.mark.parametrize("text", POINTWISE)
def test_each_cell_comes_from_the_cells_named(text: str) -> None:
    operation = outermost(f"r = {text}")
    result = eval(text, ENV)
    for cell in itertools.product(*map(range, result.shape)):
        flowing = sources(operation, cell)
        assert flowing is not None
        again = text
        for number, source in enumerate(flowing):
            if source.operand.path:
                again = _replaced(again, source.operand.path, f"_{number}")
        values = {f"_{number}": taken(source) for number, source in enumerate(flowing)}
        assert eval(again, {**ENV, **values}) == result[cell], (text, cell)


def _replaced(text: str, name: str, other: str) -> str:
    import re

    return re.sub(rf"(?<![\w.]){name}(?!\w)", other, text)


@pytest.mark.parametrize("text", PRODUCTS)
def test_row_times_column(text: str) -> None:
    operation = outermost(f"r = {text}")
    result = eval(text, ENV)
    for cell in itertools.product(*map(range, result.shape)):
        row, column = sources(operation, cell) or ()
        torch.testing.assert_close((taken(row) * taken(column)).sum(), result[cell])


@pytest.mark.parametrize("text", REDUCTIONS)
def test_cells_that_a_reduction_takes_in(text: str) -> None:
    operation = outermost(f"r = {text}")
    result = eval(text, ENV)
    whole: dict[str, Any] = {
        "norm": torch.norm,
        "amax": torch.amax,
        "std": torch.std,
        "prod": torch.prod,
    }
    reduce = whole.get(operation.name) or getattr(torch, operation.name)
    for cell in itertools.product(*map(range, result.shape)):
        (source,) = sources(operation, cell) or ()
        torch.testing.assert_close(reduce(taken(source)), result[cell])


@pytest.mark.parametrize("text", RUNNING)
def test_cells_that_a_running_operation_takes_in(text: str) -> None:
    operation = outermost(f"r = {text}")
    result = eval(text, ENV)
    take = torch.sum if operation.name == "cumsum" else torch.prod
    for cell in itertools.product(*map(range, result.shape)):
        (source,) = sources(operation, cell) or ()
        torch.testing.assert_close(take(taken(source)), result[cell])


@pytest.mark.parametrize("text", INDEXING)
def test_the_cell_that_an_index_picks(text: str) -> None:
    operation = outermost(f"r = {text}")
    result = eval(text, ENV)
    for cell in itertools.product(*map(range, result.shape)):
        (source,) = sources(operation, cell) or ()
        assert taken(source) == result[cell]


@pytest.mark.parametrize("index", ["a > 2", "b.long()", "None, 1", "...", "[0, 2]", "i"])
def test_an_index_that_the_text_does_not_tell_is_left_alone(index: str) -> None:
    found = operations(f"r = a[{index}]", shape_of)
    picked = [one for one in found if one.kind == "index"]
    assert picked
    assert sources(picked[0], (0, 0)) is None


@settings(max_examples=300, deadline=None)
@given(shapes=st.lists(st.lists(st.sampled_from([0, 1, 2, 3]), max_size=4), min_size=2, max_size=2))
def test_broadcasting_is_torchs(shapes: list[list[int]]) -> None:
    known = {"x": tuple(shapes[0]), "y": tuple(shapes[1])}
    (operation,) = operations("r = x + y", known.get)
    try:
        expected: tuple[int, ...] | None = tuple(torch.broadcast_shapes(*map(tuple, shapes)))
    except RuntimeError:
        expected = None
    aligned = align(operation)
    assert aligned.result == expected
    states = {cell.state for row in aligned.rows for cell in row.cells if cell}
    assert (CLASHES in states) == (expected is None)


@settings(max_examples=300, deadline=None)
@given(
    left=st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=4),
    right=st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=4),
)
def test_products_are_torchs(left: list[int], right: list[int]) -> None:
    known = {"x": tuple(left), "y": tuple(right)}
    (operation,) = operations("r = x @ y", known.get)
    try:
        expected: Any = tuple(torch.matmul(torch.zeros(left), torch.zeros(right)).shape)
    except RuntimeError:
        expected = None
    assert align(operation).result == expected


def test_what_is_stretched_and_what_clashes_is_said() -> None:
    aligned = align(outermost("r = a + c"))
    assert [cell.state for cell in aligned.rows[1].cells if cell] == ["fits", STRETCHED]
    assert "c is stretched" in aligned.sentence
    clash = align(operations("a + w", shape_of)[0])
    assert clash.result is None
    assert "a has 4 and w has 5" in clash.sentence
    product = align(operations("a @ a", shape_of)[0])
    assert "a has 4 columns, a has 3 rows. a.t() has 4 rows" in product.sentence


def test_in_place_and_nested_operations_are_found() -> None:
    assert outermost("a *= b").text == "a * b"
    assert outermost("r = a.add_(b)").name == "add"
    nested = operations("z = torch.mean(a.pow(3))", shape_of)
    assert [(one.name, one.result) for one in nested] == [("pow", "")]
    assert operations("for i in range(3):", shape_of) == []
    assert operations("import torch", shape_of) == []
    assert operations("r = unknown + 3", shape_of) == []
