"""The oracle's eye on backward: a hook on every node that the engine could reach, every time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch

from tests.worker import oracle_cards

Node = Any
Write = Callable[[dict[str, Any]], None]


def watch(storages: oracle_cards.Storages, write: Write) -> None:
    """From now on write a record for every node that runs in any backward pass."""
    door = torch.autograd.graph._engine_run_backward

    @functools.wraps(door)
    def watched(outputs: Any, *arguments: Any, **named: Any) -> Any:
        nodes = _nodes_below(outputs)  # held, for a leaf does not keep its own node alive
        hooks = [_hook(node, storages, write) for node in nodes]
        try:
            return door(outputs, *arguments, **named)
        finally:
            for hook in hooks:
                hook.remove()

    for place in (torch.autograd.graph, torch.autograd):
        setattr(place, "_engine_run_backward", watched)  # noqa: B010  torch's types forbid it


def _nodes_below(outputs: Any) -> list[Node]:
    """All nodes under the outputs, each once."""
    waiting = [_node_of(output) for output in outputs]
    found: dict[Node, None] = {}
    while waiting:
        node = waiting.pop()
        if node is not None and node not in found:
            found[node] = None
            waiting.extend(follower for follower, _ in node.next_functions)
    return list(found)


def _node_of(output: Any) -> Node:
    if hasattr(output, "node"):  # a GradientEdge
        return output.node
    return output.grad_fn or torch.autograd.graph.get_gradient_edge(output).node


def _hook(node: Node, storages: oracle_cards.Storages, write: Write) -> Any:
    name = node.name()

    def ran(grads_out: Any, grads_in: Any) -> None:
        write(
            {
                "kind": "node",
                "node": name,
                "in": [_numbers(grad, storages) for grad in grads_in],
                "out": [_numbers(grad, storages) for grad in grads_out],
            }
        )

    return node.register_hook(ran)


def _numbers(grad: torch.Tensor | None, storages: oracle_cards.Storages) -> Any:
    if grad is None:
        return None
    return oracle_cards.fields(grad, storages, with_grad=False)
