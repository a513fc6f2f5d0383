"""Programs that go into backward in every way there is; each gives tensors to compare."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.utils.checkpoint import checkpoint

from tests.worker.node_kinds import Cube

Tensor = torch.Tensor


def several_roots() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    torch.autograd.backward([x.exp(), x.sin()], [torch.ones(2), torch.ones(2) * 2])
    return [x]


def only_some_inputs() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    (x * w).sum().backward(inputs=[w])
    return [x, w]


def twice_retained() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    return [x]


def a_second_derivative() -> list[Tensor]:
    x = torch.tensor(2.0, requires_grad=True)
    (grad,) = torch.autograd.grad(x**4, x, create_graph=True)
    grad.backward()
    return [x]


def hooks_that_change_gradients() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.register_hook(lambda grad: grad + 1)
    y = x * 3
    y.register_hook(lambda grad: grad * 10)
    y.retain_grad()
    y.register_hook(lambda grad: grad * 2)
    node = y.grad_fn
    assert node is not None
    node.register_hook(lambda out, into: (out[0] * 7, None))
    node.register_prehook(lambda into: (into[0] - 1,))
    y.sum().backward()
    return [x, y]


def a_hook_after_accumulation() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def step(leaf: Tensor) -> None:
        assert leaf.grad is not None
        with torch.no_grad():
            leaf -= leaf.grad
        leaf.grad = None

    x.register_post_accumulate_grad_hook(step)
    (x * x).sum().backward()
    return [x]


def checkpointed() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = checkpoint(lambda t: t.sin().exp(), x, use_reentrant=True)
    z = checkpoint(lambda t: t.cos() * t, y, use_reentrant=False)
    z.sum().backward()
    return [x]


def by_hand() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    Cube.apply(x * 2).sum().backward()
    return [x]


def accumulated_over_passes() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for factor in (1.0, 2.0, 3.0):
        (x * factor).sum().backward()
    return [x]


def backward_of_a_leaf() -> list[Tensor]:
    x = torch.tensor(2.0, requires_grad=True)
    x.backward()
    return [x]


def a_grad_inside_a_hook() -> list[Tensor]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * x

    def inner(grad: Tensor) -> Tensor:
        with torch.enable_grad():
            z = (x * 5).exp().sum()
        (more,) = torch.autograd.grad(z, x)
        return grad + more

    y.register_hook(inner)
    y.sum().backward()
    return [x]


WAYS: list[Callable[[], list[Tensor]]] = [
    several_roots,
    only_some_inputs,
    twice_retained,
    a_second_derivative,
    hooks_that_change_gradients,
    a_hook_after_accumulation,
    checkpointed,
    by_hand,
    accumulated_over_passes,
    backward_of_a_leaf,
    a_grad_inside_a_hook,
]
