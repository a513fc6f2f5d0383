"""Derivatives of one cell on the held graph, against autograd.grad, without a trace."""

from __future__ import annotations

import warnings
import weakref
from typing import Any

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from explorer.worker.autograd.saved import WATCH
from explorer.worker.autograd.sensitivity import HeldGraph, NotWithoutRerun, upstream_gradients
from tests.worker.node_kinds import PROGRAMS, Cube, inputs_of
from tests.worker.plain_recording import PlainRecording

Tensor = torch.Tensor


@pytest.fixture(autouse=True)
def _saved_hooks_watched() -> None:
    WATCH.install()
    WATCH.used = False  # what an earlier test did concerns this one not


def result_of(program: str) -> tuple[Tensor, list[Tensor]]:
    """A real result of a program that has history, and its leaves."""
    leaves = inputs_of(program)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = PROGRAMS[program][0](*leaves)
    results = result if isinstance(result, (tuple, list)) else [result]
    one = next(tensor for tensor in results if tensor.requires_grad)
    return one.abs() if one.is_complex() else one, leaves


def seed(result: Tensor, cell: tuple[int, ...]) -> Tensor:
    one = torch.zeros_like(result)
    one[cell] = 1
    return one


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_cell_against_autograd(program: str) -> None:
    result, leaves = result_of(program)
    cell = tuple(size - 1 for size in result.shape)
    graph = HeldGraph(result, own_code=True)
    ours = {id(one): grad for one, grad in upstream_gradients(graph.at_cell(cell), leaves)}
    # With allow_unused a gradient may be None, which torch's own annotation leaves out.
    expected: tuple[Tensor | None, ...] = torch.autograd.grad(
        result, leaves, seed(result, cell), allow_unused=True, retain_graph=True
    )
    for leaf, grad in zip(leaves, expected, strict=True):
        found = ours.get(id(leaf))
        if grad is None:
            assert found is None
        else:
            assert found is not None
            torch.testing.assert_close(found, grad, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_flow_of_a_cell_against_the_jacobian(program: str) -> None:
    result, leaves = result_of(program)
    cell = (0,) * leaves[0].dim()
    column = HeldGraph(result, own_code=True).flow(leaves[0], cell)
    rows = []
    for value in result.reshape(-1):
        (row,) = torch.autograd.grad(value, leaves[0], retain_graph=True, allow_unused=True)
        rows.append(row[cell])
    expected = torch.stack(rows).reshape(result.shape).to(column.dtype)
    torch.testing.assert_close(column, expected, rtol=1e-6, atol=1e-9)


def test_every_tensor_on_the_way() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    z = y.exp()
    aside = x.sin()
    w = (z * y).sum()
    found = HeldGraph(w).at_cell(())
    grads = {id(one): grad for one, grad in upstream_gradients(found, [x, y, z, aside, w])}
    for one in (x, y, z):
        (expected,) = torch.autograd.grad(w, one, retain_graph=True)
        assert torch.equal(grads[id(one)], expected)
    assert id(aside) not in grads


def test_the_program_cannot_tell() -> None:
    told: list[str] = []
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.register_hook(lambda grad: told.append("leaf"))
    x.register_post_accumulate_grad_hook(lambda leaf: told.append("after"))
    y = x.exp()
    y.register_hook(lambda grad: told.append("tensor"))
    y.retain_grad()
    assert y.grad_fn is not None
    y.grad_fn.register_hook(lambda out, into: told.append("node"))
    made = torch._C._autograd._get_sequence_nr()
    graph = HeldGraph(y)
    graph.at_cell((0,))
    assert not told
    assert x.grad is None
    assert y.grad is None
    assert torch._C._autograd._get_sequence_nr() == made
    y.backward(torch.ones(2))
    assert told
    ref = weakref.ref(y)
    del graph, y
    assert ref() is None


def test_asking_is_not_recorded_as_a_pass() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with PlainRecording().running() as recording:
        graph = HeldGraph((x * x).exp())
        graph.at_cell((0,))
        graph.flow(x, (0,))
    assert not recording.backward.passes


def freed() -> Tensor:
    y = torch.ones(2, requires_grad=True).exp()
    y.sum().backward()
    return y


def overwritten() -> Tensor:
    y = torch.ones(2, requires_grad=True).exp()
    z = y * 2
    y.add_(1)
    return z


def with_own_function() -> Tensor:
    result: Tensor = Cube.apply(torch.ones(2, requires_grad=True))
    return result


def checkpointed() -> Tensor:
    x = torch.ones(2, requires_grad=True)
    result: Tensor = checkpoint(lambda t: t.exp(), x, use_reentrant=False)
    return result


REFUSED: list[tuple[Any, str]] = [
    (freed, "freed by an earlier backward"),
    (overwritten, "overwritten in place"),
    (with_own_function, "CubeBackward, whose backward is Python code"),
    (checkpointed, "through a hook"),
    (lambda: torch.ones(2), "no history"),
    (lambda: torch.ones(2, requires_grad=True), "is a leaf"),
]


@pytest.mark.parametrize(("make", "reason"), REFUSED)
def test_what_cannot_be_had_is_refused_in_a_sentence(make: Any, reason: str) -> None:
    with pytest.raises(NotWithoutRerun, match=reason) as refusal:
        HeldGraph(make())
    assert str(refusal.value).endswith(".")


def test_own_code_runs_only_when_asked_for() -> None:
    result = with_own_function()
    found = HeldGraph(result, own_code=True).at_cell((1,))
    leaf = next(node for node in found if hasattr(node, "variable"))
    assert torch.equal(found[leaf][0], torch.tensor([0.0, 3.0]))  # type: ignore[arg-type]


def test_a_cell_that_is_not_there() -> None:
    y = torch.ones(2, requires_grad=True).exp()
    with pytest.raises(IndexError):
        HeldGraph(y).at_cell((7,))


def test_where_nothing_flows() -> None:
    x, other = (torch.ones(2, requires_grad=True) for _ in range(2))
    with pytest.raises(NotWithoutRerun, match="Nothing flows"):
        HeldGraph(x.exp()).flow(other, (0,))
