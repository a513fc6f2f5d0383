"""The single statements of which random programs are made, by what they do."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

NAMES = ("a", "b", "c", "d", "e", "g")
_OWN = {"torch", "np", "__builtins__"}


class Situation:
    """What a statement may speak of: the names that are there, and the dice."""

    def __init__(self, dice: random.Random, space: dict[str, Any]) -> None:
        self.dice = dice
        self._space = space

    def has_tensors(self) -> bool:
        """Whether any name leads to a tensor."""
        return any(isinstance(value, torch.Tensor) for value in self._space.values())

    def tensor(self, fits: Callable[[torch.Tensor], bool] = lambda t: True) -> str:
        """The name of a tensor that fits; of any tensor when none does."""
        found = [n for n, v in self._space.items() if isinstance(v, torch.Tensor)]
        good = [name for name in found if self._is(fits, self._space[name])]
        return self.dice.choice(good or found)

    def _is(self, fits: Callable[[torch.Tensor], bool], tensor: torch.Tensor) -> bool:
        try:
            return fits(tensor)
        except RuntimeError:
            return False  # one of several views of a base that was written to: has no grad_fn

    def named(self, kind: type) -> str | None:
        """The name of a value of a kind, if there is one."""
        found = [n for n, v in self._space.items() if isinstance(v, kind) and n not in _OWN]
        return self.dice.choice(found) if found else None

    def value(self, name: str) -> Any:
        """What a name holds."""
        return self._space[name]

    def target(self) -> str:
        """A name to bind, new or already used."""
        return self.dice.choice(NAMES)

    def number(self) -> float:
        """A small number."""
        return self.dice.choice([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0])

    def one_of(self, texts: list[str]) -> str:
        """One of several texts."""
        return self.dice.choice(texts)


Piece = Callable[[Situation], str | None]


def _floating(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point()


def new(at: Situation) -> str:
    """A fresh tensor."""
    shape = at.dice.choice([(3,), (2, 3), (3, 2), (4,), (1, 3), (2, 2, 2), ()])
    size = torch.Size(shape).numel()
    kind = at.dice.choice(["float32", "float32", "float32", "float64", "int64", "complex64"])
    made = at.one_of(
        [
            f"torch.arange({size}, dtype=torch.{kind}).reshape({shape})",
            f"torch.full({shape}, {at.number()}, dtype=torch.{kind})",
            f"torch.zeros({shape}, dtype=torch.{kind})",
            f"torch.randn({shape})",
            f"torch.randn({shape}, requires_grad=True)",
            f"torch.ones({shape}, requires_grad=True)",
        ]
    )
    return f"{at.target()} = {made}"


def view(at: Situation) -> str:
    """Another look into a storage."""
    name = at.tensor(lambda t: t.dim() > 0)
    look = at.one_of(
        [
            "[0]",
            "[-1]",
            "[1:]",
            "[:2]",
            "[::2]",
            "[..., 0]",
            "[..., 1:]",
            "[None]",
            ".t()",
            ".view(-1)",
            ".reshape(-1)",
            ".reshape(2, -1)",
            ".flatten()",
            ".unsqueeze(0)",
            ".squeeze()",
            ".transpose(0, -1)",
            ".diagonal()",
            ".expand(2, *{name}.shape)",
            ".detach()",
            ".data",
            ".unbind(0)[0]",
            ".chunk(2)[-1]",
            ".narrow(0, 0, 1)",
            ".contiguous()",
            ".view_as({name})",
            ".movedim(0, -1)",
            ".real",
            ".conj()",
            ".unfold(0, 2, 1)",
        ]
    )
    return f"{at.target()} = {name}{look.format(name=name)}"


def write(at: Situation) -> str:
    """A write in place."""
    name, other, number = at.tensor(), at.tensor(), at.number()
    return at.one_of(
        [
            f"{name}.add_({number})",
            f"{name}.mul_({number})",
            f"{name}.zero_()",
            f"{name}.fill_({number})",
            f"{name}.neg_()",
            f"{name}.clamp_(max={number})",
            f"{name} += {number}",
            f"{name} *= 2",
            f"{name} -= {other}",
            f"{name}.copy_({other})",
            f"{name}[0] = {number}",
            f"{name}[..., -1] = {number}",
            f"{name}[{name} > 0] = {number}",
            f"{name}.data.add_({number})",
            f"{name}.detach().mul_({number})",
            f"{name}.masked_fill_({name} < 0, {number})",
            f"{name}.index_fill_(0, torch.tensor([0]), {number})",
            f"torch.add({name}, {number}, out={other})",
            f"torch.mul({other}, 2, out={name})",
            f"{name}.untyped_storage().fill_(0)",
            f"{name}.uniform_(-1, 1)",
            f"torch.nn.init.constant_({name}, {number})",
            f"torch._foreach_add_([{name}, {other}], 1)",
            f"torch.relu_({name})",
        ]
    )


def header(at: Situation) -> str:
    """A change of a tensor's header and not of its numbers."""
    name = at.tensor()
    # torch itself writes beyond memory when backward meets a tensor that was given another shape
    # in the middle of its graph, so these three keep to tensors without history.
    loose = at.tensor(lambda t: not t.requires_grad and not t._is_view() and t.numel() > 1)
    shape, dtype = at.value(loose).shape, at.value(loose).dtype
    alike = at.tensor(lambda t: t.shape == shape and t.dtype == dtype and not t.requires_grad)
    texts = [
        f"{name}.t_()",
        f"{name}.unsqueeze_(0)",
        f"{name}.squeeze_()",
        f"{name}.transpose_(0, -1)",
        f"{name}.requires_grad_()",
        f"{name}.requires_grad_(False)",
        f"{name}.detach_()",
    ]
    if not at.value(loose).requires_grad and not at.value(loose)._is_view():
        # No larger than it is: what new memory holds is another in each process.
        texts += [f"{loose}.resize_(min(2, {loose}.numel()))"]
        texts += [f"{loose}.set_({alike})", f"{loose}.data = {alike}.data"]
    return at.one_of(texts)


def name(at: Situation) -> str:
    """Names bound, exchanged, deleted."""
    one, other, target = at.tensor(), at.tensor(), at.target()
    return at.one_of(
        [
            f"{target} = {one}",
            f"{one}, {other} = {other}, {one}",
            f"{target} = {one}.clone()",
            f"{target} = ({one}, {other})[0]",
            f"rows = [{one}, {other}]",
            f"rows = [{one}, [{other}, {one}]]",
            f"table = {{'k': {one}, 2: {other}}}",
        ]
    )


def container(at: Situation) -> str | None:
    """Tensors that lie in lists and dicts."""
    rows, table, one = at.named(list), at.named(dict), at.tensor()
    texts = []
    if rows is not None:
        texts += [f"{rows}[0] = {one}", f"{rows}.append({one})", f"{rows}.pop()"]
        texts += [f"{rows}[0].add_(1)", f"{rows}.reverse()", f"{rows} = {rows}[:1]"]
    if table is not None:
        texts += [f"{table}['k'] = {one}", f"{table}.pop(2)", f"{table}['k'] *= 2"]
        texts += [f"{table}['n'] = {{'deep': {one}}}"]
    return at.one_of(texts) if texts else None


def compute(at: Situation) -> str:
    """A new tensor from others, with history where they have one."""
    one, other, target = at.tensor(_floating), at.tensor(_floating), at.target()
    return at.one_of(
        [
            f"{target} = {one} + {other}",
            f"{target} = {one} * {at.number()}",
            f"{target} = {one} * {other}",
            f"{target} = ({one} ** 2).sum()",
            f"{target} = {one}.exp()",
            f"{target} = {one}.sin() + 1",
            f"{target} = {one} @ {other}",
            f"{target} = torch.cat([{one}, {other}])",
            f"{target} = torch.stack([{one}, {one}])",
            f"{target} = {one}.mean(dim=0)",
            f"{target} = torch.where({one} > 0, {one}, {other})",
            f"{target} = {one}.sort(-1).values",
            f"{target} = {one}.double()",
            f"{target} = torch.nn.functional.softmax({one}, -1)",
        ]
    )


def backward(at: Situation) -> str:
    """Gradients."""
    one = at.tensor(lambda t: t.requires_grad and not t.is_leaf)
    leaf = at.tensor(lambda t: t.requires_grad and t.is_leaf)
    return at.one_of(
        [
            f"{one}.sum().backward()",
            f"{one}.sum().backward(retain_graph=True)",
            f"{one}.backward(torch.ones_like({one}))",
            f"({leaf} * 2).sum().backward()",
            f"({leaf} * {leaf}).sum().backward()",
            f"{at.target()} = torch.autograd.grad({one}.sum(), {leaf}, retain_graph=True)[0]",
            f"{leaf}.grad = None",
            f"{leaf}.grad.zero_()",
            f"{at.target()} = {leaf}.grad",
            f"{one}.retain_grad()",
            f"torch.optim.SGD([{leaf}], lr=0.1).step()",
            f"{one}.register_hook(lambda grad: grad * 2)",
        ]
    )


def array(at: Situation) -> str | None:
    """NumPy arrays over the same memory."""
    held, one = at.named(np.ndarray), at.tensor()
    texts = [f"n = {one}.detach().numpy()", "n = np.arange(4.0)"]
    if held is not None:
        texts += [f"{at.target()} = torch.from_numpy({held})", f"{held}.flat[0] = {at.number()}"]
        texts += [f"{held} += 1", f"{held}[...] = {at.number()}", f"del {held}"]
    return at.one_of(texts)


PIECES: dict[str, Piece] = {
    "new": new,
    "view": view,
    "write": write,
    "header": header,
    "name": name,
    "container": container,
    "compute": compute,
    "backward": backward,
    "array": array,
}
"""What can be asked for, by kind."""
