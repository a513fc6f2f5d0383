"""The module tree against the modules that torch itself names."""

from __future__ import annotations

import torch
from torch import nn

from explorer.model.card import Card
from explorer.model.training.modules import Branch, module_tree, segments, totals
from explorer.protocol.recording import CardKind


def cards_of(module: nn.Module, name: str) -> dict[str, Card]:
    """A card for every parameter and buffer, as the recorder would name them."""
    found: dict[str, Card] = {}
    ids: dict[int, int] = {}
    for path, tensor in [*module.named_parameters(remove_duplicate=False), *module.named_buffers()]:
        kind = CardKind(
            type(tensor).__name__,
            str(tensor.dtype).removeprefix("torch."),
            tuple(tensor.shape),
            tuple(tensor.stride()),
            int(tensor.storage_offset()),
            tensor.element_size(),
            "cpu",
            "strided",
            tensor.requires_grad,
            tensor.is_leaf,
            "",
        )
        tensor_id = ids.setdefault(id(tensor), len(ids) + 1)
        grad = 99 if tensor.grad is not None else 0
        found[f"{name}.{path}"] = Card(tensor_id, kind, tensor_id, 0, 0, grad, 0)
    return found


def paths(branch: Branch) -> list[str]:
    return [branch.path, *(path for child in branch.children for path in paths(child))]


def test_every_module_and_parameter_has_its_place() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Sequential(nn.Linear(4, 2)))
    root = module_tree(cards_of(net, "net"))
    expected = {f"net.{name}".rstrip(".") for name, _ in net.named_modules()}
    expected |= {f"net.{name}" for name, _ in net.named_parameters()}
    expected |= {f"net.{name}" for name, _ in net.named_buffers()}
    assert set(paths(root)) == expected | {""}


def test_totals_are_those_of_torch() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    net[0](torch.ones(2, 3)).sum().backward()
    below = totals(module_tree(cards_of(net, "net")))
    parameters = list(net.parameters())
    assert below.parameters == len(parameters)
    assert below.numbers == sum(p.numel() for p in parameters)
    assert below.nbytes == sum(p.numel() * p.element_size() for p in parameters)
    assert below.with_grad == sum(p.grad is not None for p in parameters)
    assert below.buffers == len(list(net.buffers()))


def test_a_shared_parameter_counts_once() -> None:
    net = nn.Module()
    net.first = nn.Linear(3, 3, bias=False)
    net.second = nn.Linear(3, 3, bias=False)
    net.second.weight = net.first.weight
    root = module_tree(cards_of(net, "net"))
    assert {"net.first.weight", "net.second.weight"} <= set(paths(root))
    assert totals(root).parameters == 1


def test_plain_tensors_are_no_module() -> None:
    cards = cards_of(nn.Linear(2, 2), "net")
    cards["x"] = cards["rows[2]"] = cards["net.weight"]
    cards = {
        name: Card(5, CardKind(**{**vars(card.kind), "type": "Tensor"}), 5, 0, 0, 0, 0)
        if name in ("x", "rows[2]")
        else card
        for name, card in cards.items()
    }
    assert [child.path for child in module_tree(cards).children] == ["net"]


def test_segments_put_together_are_the_path() -> None:
    for path in ("net.0.weight", "rows[2]", "d['a b'].w", "nets[0].layers.1.bias", "网.重"):
        assert "".join(segments(path)) == path
