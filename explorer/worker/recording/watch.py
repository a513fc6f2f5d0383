"""The tensors that are compared after every statement that may write, column by column."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import compress
from operator import attrgetter, ne
from typing import Any

import torch

from explorer.worker.cards import history_of
from explorer.worker.recording.comparing import differing, may_carry_grad
from explorer.worker.recording.storages import address_of

Tensor = torch.Tensor
_shape_of = attrgetter("shape")


class Watch:
    """Tensors by place; all columns have one length. Keeps none of them alive."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._refs: list[Any] = []
        self._addresses: list[int] = []
        self._versions: list[int] = []
        self._shapes: list[Any] = []
        self._requiring: list[bool] = []
        self._graded: list[bool] = []
        """Whether it has a gradient or may get one."""
        self._grads: list[int] = []
        """Identities of the gradients of these, as they were compared last."""

    def add(
        self, number: int, ref: Any, address: int, version: int, shape: Any, requires_grad: bool
    ) -> None:
        """Watch one more tensor, described so far with these."""
        self.numbers.append(number)
        self._refs.append(ref)
        self._addresses.append(address)
        self._versions.append(version)
        self._shapes.append(shape)
        self._requiring.append(requires_grad)
        self._graded.append(requires_grad)
        self._grads.clear()

    def note(self, place: int, tensor: Tensor, address: int, has_grad: bool) -> None:
        """A tensor has been described anew."""
        self._addresses[place] = address
        self._versions[place] = tensor._version
        self._shapes[place] = tensor.shape
        self._requiring[place] = tensor.requires_grad
        self._graded[place] = has_grad or tensor.requires_grad
        self._grads.clear()

    def rewritten(self, place: int, address: int, version: int) -> None:
        """A tensor holds something else now, and is as it was in all other ways."""
        self._addresses[place], self._versions[place] = address, version

    def grade(self, place: int, tensor: Tensor, has_grad: bool) -> None:
        """A tensor has another gradient, or none."""
        self._graded[place] = has_grad or tensor.requires_grad

    def alive(self) -> tuple[list[Tensor], list[int]]:
        """The tensors that are alive, by place, and the numbers of those that have died; these
        are watched no longer."""
        tensors = [one for ref in self._refs if (one := ref()) is not None]
        if len(tensors) == len(self._refs):
            return tensors, []
        kept = [ref() is not None for ref in self._refs]
        dead = [number for number, lives in zip(self.numbers, kept, strict=True) if not lives]
        self.keep(kept)
        return tensors, dead

    def keep(self, kept: list[bool]) -> None:
        """Go on watching only those whose place in ``kept`` is True."""
        columns: tuple[list[Any], ...] = (
            self.numbers,
            self._refs,
            self._addresses,
            self._versions,
            self._shapes,
            self._requiring,
            self._graded,
        )
        for column in columns:
            column[:] = compress(column, kept)
        self._grads.clear()

    def changed(self, tensors: list[Tensor]) -> tuple[set[int], set[int]]:
        """Places of those whose memory or version is another now, and of those whose shape or
        ``requires_grad`` is."""
        written: set[int] = set()
        exchanged: set[int] = set()
        addresses = [*map(address_of, tensors)]
        if addresses != self._addresses:
            written.update(differing(addresses, self._addresses))
        versions = [one._version for one in tensors]
        if versions != self._versions:
            written.update(differing(versions, self._versions))
        requiring = [one.requires_grad for one in tensors]
        if requiring != self._requiring:
            exchanged.update(differing(requiring, self._requiring))
        # Made and dropped one by one, so that the collector is not called for thousands of them.
        if any(map(ne, map(_shape_of, tensors), self._shapes)):
            exchanged.update(differing([one.shape for one in tensors], self._shapes))
        return written, exchanged

    def differs(self, place: int, tensor: Tensor) -> tuple[bool, bool]:
        """The same of one tensor: whether it is among the first, and among the second."""
        return (
            address_of(tensor) != self._addresses[place]
            or tensor._version != self._versions[place],
            tensor.requires_grad != self._requiring[place] or tensor.shape != self._shapes[place],
        )

    def place_of(self, number: int) -> int | None:
        """The place of a tensor by its number; None when it is not watched."""
        place = bisect_left(self.numbers, number)
        return place if place < len(self.numbers) and self.numbers[place] == number else None

    def grad_of(self, place: int, tensor: Tensor) -> Tensor | None:
        """The gradient of one tensor, where it may have one."""
        return _grads_of([tensor])[0] if self._graded[place] else None

    def forget_grads(self) -> None:
        """Some tensor has another gradient: all are asked for theirs the next time."""
        self._grads.clear()

    def grads(
        self, tensors: list[Tensor], every: bool, died: bool
    ) -> list[tuple[int, Tensor | None]]:
        """(place, gradient) of those that have a gradient or may get one, with ``every`` of any
        that has one; none when they are the very objects that they were: when some tensor has
        ``died``, the identity does not tell."""
        graded = self._graded
        if every:
            self._grads.clear()
            found = zip(graded, _grads_of(tensors), strict=True)
            return [
                (place, grad)
                for place, (asked, grad) in enumerate(found)
                if asked or grad is not None
            ]
        grads = _grads_of(compress(tensors, graded))
        identities = list(map(id, grads))
        if identities == self._grads and not died:
            return []
        self._grads = identities
        return list(zip(compress(range(len(tensors)), graded), grads, strict=True))


def _grads_of(tensors: Iterable[Tensor]) -> list[Tensor | None]:
    """The gradient of each; not asked for where torch would warn, or raise."""
    asked = list(tensors)
    try:
        return [one.grad if one.is_leaf or one.retains_grad else None for one in asked]
    except RuntimeError:  # views whose history is lost
        return [one.grad if may_carry_grad(one, history_of(one)) else None for one in asked]
