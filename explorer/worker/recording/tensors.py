"""Every tensor of the run that was seen, what is known of it, and whether that is still so."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch

from explorer.worker.cards import PLAIN, UNKNOWN_HISTORY, CardKinds, Row, history_of, version_of
from explorer.worker.program.concealed import UNCOUNTED
from explorer.worker.program.never_lazy import keep_for_real
from explorer.worker.quiet import undispatched
from explorer.worker.recording.comparing import may_carry_grad, nothing
from explorer.worker.recording.log import Change
from explorer.worker.recording.watch import Watch
from explorer.worker.snapshots import LAZY, Snapshots, address_of, object_of

Tensor = torch.Tensor
_ref = weakref.ref

Met = tuple[int, int, int, int, int, int]
"""(tensor, kind, storage, version, content, bytes): all that is to be said of a plain tensor."""


class Tensors:
    """Tensors by id, never kept alive. Used on the program's threads, under the log's lock."""

    def __init__(self, snapshots: Snapshots, kinds: CardKinds) -> None:
        self.snapshots = snapshots
        self.kinds = kinds
        self.node_id_of: Callable[[Any], int] = lambda grad_fn: 0
        self.refs: list[Any] = [None]
        self.rows: list[Row | None] = [None]
        self.by_object: dict[int, int] = {}
        snapshots.is_alive = self._is_alive_in
        self.trouble: Callable[[str], None] = lambda sentence: None
        """Hears of tensors that cannot be described."""
        self._shared = False
        self.dirty = False
        """Set when a door was used behind which anything about a tensor may have changed."""
        self._met = 1
        """Tensors from this id on have not been added to those that are watched."""
        self.regraded = False
        """Set when a tensor was given another gradient."""
        self._watch = Watch()
        self._odd: list[int] = []
        """Tensors that need a thorough look each time: shared memory, sparse, subclasses ..."""

    def id_of(self, tensor: Tensor, change: Change) -> int:
        """The tensor's id; one that is seen for the first time is described in ``change``."""
        number = self.by_object.get(id(tensor), 0)
        if number and self.refs[number]() is tensor:
            return number
        if (
            type(tensor) is Tensor
            and tensor.layout is torch.strided
            and not tensor.is_nested
            and not tensor.requires_grad
            and tensor._base is None
        ):
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
        moved = before is None or before[2] != storage
        if moved:
            first = snapshots.first[storage]
            if first is None or first() is not tensor:
                snapshots.lodgers.setdefault(storage, []).append(number)
        if row != before:
            self.rows[number] = row
            change.cards += row

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

    def check(self, change: Change) -> set[int]:
        """Note every change of every tensor that is alive; the ids of those that have died."""
        dead = self._adopt()
        watch = self._watch
        tensors, gone = watch.alive()
        self._forget(gone, dead)
        for place in self._changed(tensors, bool(dead)):
            number, tensor = watch.numbers[place], tensors[place]
            self.refresh(number, tensor, change)
            self._note(place, number, tensor)
        for number in self._odd:
            tensor = self.refs[number]()
            if tensor is not None:
                self.refresh(number, tensor, change)
        if self._shared:
            self._watch_shared()
        return dead

    def _watch_shared(self) -> None:
        """From now on look thoroughly at tensors whose memory others have come to hold."""
        self._shared = False
        way, kept = self.snapshots.way, []
        for number in self._watch.numbers:
            row = self.rows[number]
            kept.append(row is None or way[row[2]] == LAZY)
            if not kept[-1]:
                self._odd.append(number)
        self._watch.keep(kept)

    def memory_was_shared(self) -> None:
        """Others than torch have come to hold the memory of some tensor."""
        self._shared = self.dirty = True

    def _changed(self, tensors: list[Tensor], died: bool) -> list[int]:
        """Places of the watched tensors that are not as they were."""
        every, self.regraded = self.regraded, False
        if self.dirty:
            self.dirty = False
            return list(range(len(tensors)))
        places = self._watch.changed(tensors)
        for place, grad in self._watch.grads(tensors, every, died):
            if not self._is_known_grad(self._watch.numbers[place], grad):
                places.add(place)
        return sorted(places)

    def _is_known_grad(self, number: int, grad: Tensor | None) -> bool:
        known = self.rows[number][5]  # type: ignore[index]  # a watched tensor has a row
        return not known if grad is None else bool(known) and self.refs[known]() is grad

    def _adopt(self) -> set[int]:
        """Watch the tensors that were met since the last time; the ids of those that died."""
        dead = set()
        for number in range(self._met, len(self.refs)):
            tensor, row = self.refs[number](), self.rows[number]
            if tensor is None or row is None:
                self.refs[number], self.rows[number] = nothing, None
                dead.add(number)
            elif self._is_plain(row, tensor):
                kind = self.kinds.kinds[row[1] - 1]
                address = self.snapshots.address[row[2]]
                self._watch.add(
                    number, self.refs[number], address, row[3], kind.shape, kind.requires_grad
                )
            else:
                self._odd.append(number)
        self._met = len(self.refs)
        return dead

    def _is_plain(self, row: Row, tensor: Tensor) -> bool:
        return (
            type(tensor) in PLAIN
            and self.snapshots.way[row[2]] == LAZY
            and not tensor.is_inference()
        )

    def _note(self, place: int, number: int, tensor: Tensor) -> None:
        row, snapshots = self.rows[number], self.snapshots
        address, graded = (snapshots.address[row[2]], bool(row[5])) if row else (0, False)
        self._watch.note(place, tensor, address, graded)
        if row and snapshots.way[row[2]] != LAZY:
            self._shared = True

    def _forget(self, gone: list[int], dead: set[int]) -> None:
        """Tensors that were watched have died; add them, and odd ones, to the ``dead``."""
        odd = [number for number in self._odd if self.refs[number]() is None]
        if odd:
            self._odd = [number for number in self._odd if self.refs[number]() is not None]
        for number in gone:
            self.refs[number], self.rows[number] = nothing, None
        dead.update(gone, odd)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]
