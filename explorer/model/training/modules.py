"""The tree of modules and containers, built from the paths under which tensors were found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from explorer.model.card import Card
from explorer.model.training.activations import Activation
from explorer.protocol.autograd import NodeOutput
from explorer.protocol.values import Brief

SEGMENT = re.compile(r"\.?[^.\[\]]+|\[[^\]]*\]")


@dataclass
class Branch:
    """A place in the tree: a module or container with children, or a tensor with a card."""

    path: str
    label: str
    row: int
    parent: Branch | None = None
    children: list[Branch] = field(default_factory=list)
    card: Card | None = None
    kind: str = ""
    """``output`` or ``gradient`` for what a module gave and what came back; else empty."""
    step: int = -1
    """For these the step at which the numbers stood."""
    words: str = ""
    """Of a module its class, where that is known."""
    output: NodeOutput | None = None
    """Of an output that was not recorded its shape and dtype, where these are known."""
    again: Brief | None = None
    """Of an output that was not recorded its numbers in short, seen when the program ran again."""

    def leaves(self) -> Iterable[Branch]:
        """Every parameter and buffer at or below this place."""
        if self.card is not None and not self.kind:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Totals:
    """What lies below a place: parameters, their numbers and bytes, and filled ``.grad``s."""

    parameters: int
    numbers: int
    nbytes: int
    with_grad: int
    buffers: int


def segments(path: str) -> list[str]:
    """``net.0.weight`` -> ``net``, ``.0``, ``.weight``; ``rows[2]`` -> ``rows``, ``[2]``."""
    return SEGMENT.findall(path)


def module_tree(cards: Mapping[str, Card]) -> Branch:
    """The tree of all names under which at least one Parameter was found.

    The root has an empty path; its children are the user's names.
    """
    roots = {segments(path)[0] for path, card in cards.items() if card.kind.type == "Parameter"}
    root = Branch("", "", 0)
    known: dict[str, Branch] = {"": root}
    for path, card in cards.items():
        parts = segments(path)
        if parts and parts[0] in roots:
            _plant(known, parts, card)
    return root


def add_activations(root: Branch, found: Iterable[Activation]) -> None:
    """Hang what modules gave, and the gradients of that, below the modules."""
    places = {branch.path: branch for branch in _every(root)}
    for one in found:
        module = places.get(one.path)
        if module is None:
            continue
        call = f" of call {one.call}" if one.call else ""
        label = f"output{one.part}{call}" + ("" if one.node else " outside the graph")
        if one.card is None or (one.after and one.again is not None):
            branch = _hang(module, "output", label, None, one.made)
            branch.output, branch.again = one.output, one.again
        if one.card is not None:
            after = f", after {one.after}" if one.after else ""
            _hang(module, "output", f"{label}{after}", one.card, one.step)
        if one.grad is not None:
            label = f"gradient of the output{one.part}{call}"
            _hang(module, "gradient", label, one.grad, one.grad_step)


def add_modules(root: Branch, kinds: Mapping[str, str]) -> None:
    """Give all modules below the user's names a place in the tree and their class, in the order
    in which they stand in their module."""
    known = {branch.path: branch for branch in _every(root)}
    order = {path: number for number, path in enumerate(kinds)}
    for path, kind in kinds.items():
        parts = segments(path)
        if parts and parts[0] in known:
            _plant(known, parts, None)
            known[path].words = kind
    for branch in known.values():
        branch.children.sort(key=lambda child: order.get(child.path, -1))
        for row, child in enumerate(branch.children):
            child.row = row


def _hang(module: Branch, kind: str, label: str, card: Card | None, step: int) -> Branch:
    path = f"{module.path} {label}"
    branch = Branch(path, label, len(module.children), module, [], card, kind, step)
    module.children.append(branch)
    return branch


def _every(branch: Branch) -> Iterator[Branch]:
    yield branch
    for child in branch.children:
        yield from _every(child)


def _plant(known: dict[str, Branch], parts: list[str], card: Card | None) -> None:
    path = ""
    parent = known[""]
    for part in parts:
        path += part
        branch = known.get(path)
        if branch is None:
            branch = Branch(path, part.lstrip("."), len(parent.children), parent)
            parent.children.append(branch)
            known[path] = branch
        parent = branch
    parent.card = card or parent.card


def totals(branch: Branch) -> Totals:
    """Count what lies at or below a place; a tensor found twice (shared) counts once."""
    cards = {leaf.card.tensor: leaf.card for leaf in branch.leaves() if leaf.card is not None}
    own = [card for card in cards.values() if card.kind.type == "Parameter"]
    return Totals(
        parameters=len(own),
        numbers=sum(card.numel for card in own),
        nbytes=sum(card.numel * card.kind.itemsize for card in own),
        with_grad=sum(1 for card in own if card.grad),
        buffers=len(cards) - len(own),
    )
