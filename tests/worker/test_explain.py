"""Errors are raised by torch itself, and each one is explained with its own numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from explorer.worker.program.explain import explained


def twice() -> None:
    x = torch.ones(2, requires_grad=True)
    y = (x * x).sum()
    y.backward()
    y.backward()


def overwritten() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    y += 1
    y.sum().backward()


def written_leaf() -> None:
    x = torch.ones(2, requires_grad=True)
    x += 1


def inference() -> None:
    with torch.inference_mode():
        x = torch.ones(2)
    x.mul(torch.ones(2, requires_grad=True)).sum().backward()


CASES: list[tuple[Callable[[], object], str]] = [
    (lambda: torch.ones(3, 4) + torch.ones(3, 5), "dimension 1 of the result would have to be 4 a"),
    (lambda: torch.ones(3, 4) @ torch.ones(3, 4), "left (4) as rows on the right (3). A .t()"),
    (lambda: torch.ones(3, 4) @ torch.ones(5, 6), "left (4) as rows on the right (5)."),
    (lambda: torch.ones(12).view(5, 2), "room for 10 numbers, but there are 12"),
    (lambda: torch.ones(12).view(5, -1), "12 numbers cannot be divided by 5"),
    (lambda: torch.ones(3, 4).t().view(12), "view never copies"),
    (lambda: torch.ones(3).sum().backward(), "Nothing that this was computed from"),
    (lambda: torch.ones(3, requires_grad=True).mul(2).backward(), "pass gradient="),
    (twice, "freed what this graph had saved"),
    (overwritten, "overwritten after it had been saved"),
    (written_leaf, "A leaf that requires grad"),
    (lambda: torch.ones(1).expand(3).add_(1), "one place in memory"),
    (lambda: torch.ones(3, dtype=torch.long).requires_grad_(), "numbers that can change by a li"),
    (lambda: torch.ones(3, requires_grad=True).numpy(), ".detach().numpy()"),
    (lambda: bool(torch.ones(3)), "exactly one"),
    (lambda: torch.ones(3).item(), "exactly one number"),
    (lambda: torch.ones(3)[3], "3 places, numbered 0 to 2 (or -3 to -1 from the end); 3 is none"),
    (lambda: torch.ones(3)[0, 0], "only 1"),
    (lambda: torch.ones(3).sum(dim=2), "1 dimensions, numbered 0 to 0"),
    (lambda: torch.cat([torch.ones(2, 3), torch.ones(2, 4)]), "all other sizes must be equal"),
    (lambda: torch.stack([torch.ones(2), torch.ones(3)]), "tensors of one shape"),
    (lambda: torch.ones(2, 2) @ torch.ones(2, 2).long(), "different element types"),
    (lambda: torch.ones(2).long().mul_(1.5), "does not fit in Long"),
    (inference, "inference_mode"),
    (lambda: torch.ones(3).add_(torch.ones(2, 3)), "must fit into [3]"),
]


@pytest.mark.parametrize(("call", "says"), CASES, ids=[says[:25] for _, says in CASES])
def test_torchs_own_error_is_explained(call: Callable[[], object], says: str) -> None:
    with pytest.raises((RuntimeError, IndexError)) as raised:
        call()
    assert says in explained(raised.value), str(raised.value)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this torch has CUDA")
def test_cuda_that_is_not_there() -> None:
    with pytest.raises((AssertionError, RuntimeError)) as raised:
        torch.ones(3, device="cuda")
    assert "Choose the CPU" in explained(raised.value)


def test_any_other_error_is_left_alone() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise ValueError("no text")

    assert explained(ValueError("something else")) == ""
    assert explained(Silent()) == ""
