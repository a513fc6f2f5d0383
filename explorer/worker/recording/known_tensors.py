"""Every tensor of the run that was seen, and how it is described."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.cards import (
    PLAIN,
    UNKNOWN_HISTORY,
    CardKinds,
    Row,
    history_of,
    is_plain,
    version_of,
)
from explorer.worker.program.concealed import UNCOUNTED
from explorer.worker.program.never_lazy import KINDS as NEVER_LAZY
from explorer.worker.program.never_lazy import keep_for_real
from explorer.worker.quiet import undispatched
from explorer.worker.recording.comparing import may_carry_grad
from explorer.worker.recording.log import Change
from explorer.worker.snapshots import LAZY, Snapshots, address_of, object_of

Tensor = torch.Tensor
_ref = weakref.ref

Met = tuple[int, int, int, int, int, int]
"""(tensor, kind, storage, version, content, bytes): all that is to be said of a plain tensor."""


class KnownTensors:
    """Tensors by id, never kept alive. Used on the program's threads, under the log's lock."""

    def __init__(self, snapshots: Snapshots, kinds: CardKinds) -> None:
        self.snapshots = snapshots
        self.kinds = kinds
        self.node_id_of: Callable[[Any], int] = lambda grad_fn: 0
        self.refs: list[Any] = [None]
        self.rows: list[Row | None] = [None]
        self.by_object: dict[int, int] = {}
        self.counted_with: dict[int, set[int]] = {}
        """Tensor id -> others that were in one storage with it once, and may count writes with it
        for ever."""
        snapshots.is_alive = self._is_alive_in
        self.trouble: Callable[[str], None] = lambda sentence: None
        """Hears of tensors that cannot be described."""

    def id_of(self, tensor: Tensor, change: Change) -> int:
        """The tensor's id; one that is seen for the first time is described in ``change``."""
        number = self.by_object.get(id(tensor), 0)
        if number and self.refs[number]() is tensor:
            return number
        if (
            type(tensor) is Tensor
            and tensor.layout is torch.strided
            and not tensor.is_nested
            and tensor._base is None
        ):
            if tensor.requires_grad:
                number = self._meet_with_history(tensor, change)
                if number:
                    return number
            else:
                met = self.meet_result(tensor, False)
                if met is not None:
                    number, kind, storage, version, content, nbytes = met
                    change.cards += (number, kind, storage, version, 0, 0, 0)
                    change.contents += (storage, content, nbytes, 0)
                    return number
        number = self.by_object[id(tensor)] = len(self.refs)
        self.refs.append(_ref(tensor, UNCOUNTED))
        self.rows.append(None)
        self.refresh(number, tensor, change)
        return number

    def _meet_with_history(self, tensor: Tensor, change: Change) -> int:
        """The same for a new tensor that an operation of autograd gave; 0 for any other."""
        snapshots, grad_fn = self.snapshots, history_of(tensor)
        if grad_fn is None or grad_fn is UNKNOWN_HISTORY or not is_plain(tensor):
            return 0
        if tensor.retains_grad or type(grad_fn) in NEVER_LAZY:
            return 0
        try:
            address, version = address_of(tensor), tensor._version
        except RuntimeError:
            return 0
        if not address or address in snapshots.at_address:
            return 0
        kept = snapshots.keep_result(tensor, address, False)
        if not kept:
            return 0
        storage, content, nbytes, certainty = kept
        number = self.by_object[id(tensor)] = len(self.refs)
        ref = _ref(tensor, UNCOUNTED)
        self.refs.append(ref)
        self.rows.append(None)
        snapshots.first.append(ref)
        kind = self.kinds.kind_of(tensor, grad_fn, False, ())
        row = self.rows[number] = (
            number, kind, storage, version, self.node_id_of(grad_fn), 0, 0
        )  # fmt: skip
        change.contents += (storage, content, nbytes, certainty)
        change.cards += row
        return number

    def looked_at(self, tensor: Tensor, change: Change) -> int:
        """The tensor's id; one that is known and was written since is described anew."""
        number = self.by_object.get(id(tensor), 0)
        row = self.rows[number] if number and self.refs[number]() is tensor else None
        if row is None:
            return self.id_of(tensor, change)
        snapshots, storage = self.snapshots, row[2]
        if (
            snapshots.way[storage] != LAZY
            or address_of(tensor) != snapshots.address[storage]
            or version_of(tensor) != row[3]
        ):
            self.refresh(number, tensor, change)
        return number

    def meet_result(self, tensor: Tensor, of_operator: bool) -> Met | None:
        """Keep a new tensor: an exact Tensor outside autograd, no view, on memory that is not
        known yet. ``of_operator``: an operator made it, so that memory is as large as it needs.

        None when it is not so plain.
        """
        snapshots = self.snapshots
        try:
            address, version = address_of(tensor), tensor._version
        except RuntimeError:
            return None  # an inference tensor, or a stand-in for many tensors
        if not address or address in snapshots.at_address:
            return None
        kind = self.kinds.kind_of_result(tensor)
        kept = kind and snapshots.keep_result(tensor, address, of_operator)
        if not kept:
            return None
        storage, content, nbytes, _ = kept
        number = self.by_object[id(tensor)] = len(self.refs)
        ref = _ref(tensor, UNCOUNTED)
        self.refs.append(ref)
        snapshots.first.append(ref)
        self.rows.append((number, kind, storage, version, 0, 0, 0))
        return number, kind, storage, version, content, nbytes

    def refresh(self, number: int, tensor: Tensor, change: Change) -> None:
        """Compare a tensor with what is known of it, and note what differs.

        One that torch cannot describe stays as it was and is told of; a step has others too.
        """
        try:
            if type(tensor) in PLAIN:
                self._compare(number, tensor, change)
            else:
                with undispatched(tensor):
                    self._compare(number, tensor, change)
        except Exception as err:
            self.trouble(f"A {type(tensor).__name__} could not be looked at: {_first_line(err)}")

    def _compare(self, number: int, tensor: Tensor, change: Change) -> None:
        before = self.rows[number]
        version = version_of(tensor)
        snapshots = self.snapshots
        grad_fn = history_of(tensor)
        if before is None and grad_fn is not None:
            keep_for_real(tensor, grad_fn, snapshots)
        try:
            storage = snapshots.find(tensor, before[2] if before else 0)
        except NotImplementedError:
            storage = 0  # a stand-in for many tensors at once
        if storage and snapshots.look(storage, tensor, before is None or before[3] != version):
            change.contents += snapshots.row(storage)
        base = tensor._base if tensor.layout is torch.strided else None
        grad = tensor.grad if may_carry_grad(tensor, grad_fn) else None
        row = (
            number,
            self.kinds.kind_of(tensor, grad_fn, base is not None, snapshots.marks.get(storage, ())),
            storage,
            version,
            0 if grad_fn in (None, UNKNOWN_HISTORY) else self.node_id_of(grad_fn),
            self.id_of(grad, change) if grad is not None else 0,
            self.id_of(base, change) if base is not None else 0,
        )
        if before is None or before[2] != storage:
            if before is not None:
                self._part(number, before[2])
                if snapshots.first_is(before[2], tensor):
                    snapshots.first[before[2]] = None  # another may come to lie where it was
            if not snapshots.first_is(storage, tensor):
                snapshots.lodgers.setdefault(storage, []).append(number)
        if row != before:
            self.rows[number] = row
            change.cards += row

    def _part(self, number: int, storage: int) -> None:
        """A tensor leaves a storage; it goes on counting writes together with those it leaves."""
        for other in self.tensors_in(storage):
            if other != number:
                self.counted_with.setdefault(other, set()).add(number)
                self.counted_with.setdefault(number, set()).add(other)

    def tensors_in(self, storage: int) -> list[int]:
        """The ids of all tensors that are known to lie, or to have lain, in a storage."""
        snapshots, refs = self.snapshots, self.refs
        lodgers = snapshots.lodgers.get(storage, [])
        if lodgers:
            lodgers[:] = [number for number in lodgers if refs[number]() is not None]
        first = snapshots.first[storage]
        one = first() if first is not None else None
        number = self.by_object.get(id(one), 0) if one is not None else 0
        return [number, *lodgers] if number else lodgers

    def _is_alive_in(self, storage: int) -> bool:
        place, first = self.snapshots.object[storage], self.snapshots.first[storage]
        if self.snapshots.is_held(place):
            return True
        tensor = first() if first is not None else None
        if tensor is not None:
            return bool(object_of(tensor) == place)
        lodgers = self.snapshots.lodgers.get(storage, [])
        while lodgers:
            row, tensor = self.rows[lodgers[-1]], self.refs[lodgers[-1]]()
            if row is not None and row[2] == storage and tensor is not None:
                return bool(object_of(tensor) == place)
            lodgers.pop()
        return False


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]
