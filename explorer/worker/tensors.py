"""Every tensor of the run that was seen, what is known of it, and whether that is still so."""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable
from itertools import compress
from typing import Any

import torch

from explorer.worker.cards import PLAIN, UNKNOWN_HISTORY, CardKinds, Row, history_of, version_of
from explorer.worker.comparing import differing, may_carry_grad, nothing
from explorer.worker.log import Change
from explorer.worker.quiet import undispatched
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
        self._watched: list[int] = []
        self._watched_refs: list[Any] = []
        self._addresses: list[int] = []
        self._versions: list[int] = []
        self._shapes: list[Any] = []
        self._requiring: list[bool] = []
        self._graded: list[int] | None = None
        """Places of those that have a gradient or may get one; None when to be found anew."""
        self._grads: list[int] = []
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
        self.refs.append(_ref(tensor))
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
        address = address_of(tensor)
        snapshots = self.snapshots
        if not address or address in snapshots.at_address:
            return None
        try:
            version = tensor._version
        except RuntimeError:
            return None  # an inference tensor
        kind = self.kinds.kind_of_result(tensor)
        kept = kind and snapshots.keep_result(tensor, address, of_operator)
        if not kept:
            return None
        storage, content, nbytes, _ = kept
        number = self.by_object[id(tensor)] = len(self.refs)
        ref = _ref(tensor)
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
        storage = snapshots.find(tensor, before[2] if before else 0)
        if snapshots.look(storage, tensor, before is None or before[3] != version):
            change.contents += snapshots.row(storage)
        grad_fn = history_of(tensor)
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
        if row != before:
            self.rows[number] = row
            change.cards += row

    def let_go(self, tensors: tuple[Tensor, ...]) -> Callable[[], None]:
        """Drop all weak references to these tensors until the function returned is called."""
        first = self.snapshots.first
        held = []
        for tensor in tensors:
            number = self.by_object.get(id(tensor), 0)
            if number and self.refs[number]() is tensor:
                row, ref = self.rows[number], self.refs[number]
                storage = row[2] if row is not None and first[row[2]] is ref else 0
                held.append((number, storage, tensor))
                self._point(number, storage, nothing)
                del ref

        def take_back() -> None:
            for number, storage, tensor in held:
                self._point(number, storage, _ref(tensor))
            self.dirty = True

        return take_back

    def _point(self, number: int, storage: int, ref: Any) -> None:
        self.refs[number] = ref
        if storage:
            self.snapshots.first[storage] = ref
        if number in self._watched:
            self._watched_refs[self._watched.index(number)] = ref

    def _is_alive_in(self, storage: int) -> bool:
        place, first = self.snapshots.object[storage], self.snapshots.first[storage]
        tensor = first() if first is not None else None
        if tensor is not None:
            return bool(object_of(tensor) == place)
        if storage not in self.snapshots.aliased:
            return False
        for number in (*self._watched, *self._odd, *range(self._met, len(self.rows))):
            row, tensor = self.rows[number], self.refs[number]()
            if row is not None and row[2] == storage and tensor is not None:
                return bool(object_of(tensor) == place)
        return False

    def check(self, change: Change) -> set[int]:
        """Note every change of every tensor that is alive; the ids of those that have died."""
        dead = self._adopt()
        tensors = [one for ref in self._watched_refs if (one := ref()) is not None]
        if len(tensors) != len(self._watched_refs):
            self._forget_dead(dead)
        for place in self._changed(tensors, bool(dead)):
            number, tensor = self._watched[place], tensors[place]
            self.refresh(number, tensor, change)
            self._versions[place] = tensor._version
            self._note(place, number, tensor)
            if self.snapshots.way[self.rows[number][2]] != LAZY:  # type: ignore[index]
                self._shared = True
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
        way, odd = self.snapshots.way, []
        for number in self._watched:
            row = self.rows[number]
            if row is not None and way[row[2]] != LAZY:
                odd.append(number)
        self._stop_watching([number not in odd for number in self._watched])
        self._odd += odd

    def memory_was_shared(self) -> None:
        """Others than torch have come to hold the memory of some tensor."""
        self._shared = self.dirty = True

    def _changed(self, tensors: list[Tensor], died: bool) -> list[int]:
        """Places of the watched tensors that are not as they were."""
        if self.dirty:
            self.dirty = False
            return list(range(len(tensors)))
        places: set[int] = set()
        addresses = [*map(address_of, tensors)]
        versions = [one._version for one in tensors]
        shapes = [one.shape for one in tensors]
        requiring = [one.requires_grad for one in tensors]
        if addresses != self._addresses:
            places.update(differing(addresses, self._addresses))
        if versions != self._versions:
            places.update(differing(versions, self._versions))
        if shapes != self._shapes:
            places.update(differing(shapes, self._shapes))
        if requiring != self._requiring:
            places.update(differing(requiring, self._requiring))
        places.update(self._with_other_grads(tensors, died))
        return sorted(places)

    def _with_other_grads(self, tensors: list[Tensor], died: bool) -> list[int]:
        """Places of those whose ``.grad`` is another tensor now. When none has died, the identity
        of the gradients tells."""
        if self._graded is None:
            rows = [self.rows[number] for number in self._watched]
            self._graded = [
                place
                for place, row in enumerate(rows)
                if self._requiring[place] or row[5]  # type: ignore[index]
            ]
            self._grads = []
        grads = [
            one.grad if may_carry_grad(one, history_of(one)) else None
            for one in map(tensors.__getitem__, self._graded)
        ]
        identities = list(map(id, grads))
        if identities == self._grads and not died:
            return []
        self._grads = identities
        return [
            place
            for place, grad in zip(self._graded, grads, strict=True)
            if not self._is_known_grad(self._watched[place], grad)
        ]

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
                self._graded = None
                self._watched.append(number)
                self._watched_refs.append(self.refs[number])
                self._addresses.append(self.snapshots.address[row[2]])
                self._versions.append(row[3])
                self._shapes.append(kind.shape)
                self._requiring.append(kind.requires_grad)
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
        row = self.rows[number]
        self._graded = None
        self._addresses[place] = self.snapshots.address[row[2]] if row else 0
        self._shapes[place] = tensor.shape
        self._requiring[place] = tensor.requires_grad

    def _forget_dead(self, dead: set[int]) -> None:
        alive = [ref() is not None for ref in self._watched_refs]
        for number in compress(self._watched, map(operator.not_, alive)):
            self.refs[number], self.rows[number] = nothing, None
            dead.add(number)
        self._stop_watching(alive)
        gone = [number for number in self._odd if self.refs[number]() is None]
        dead.update(gone)
        self._odd = [number for number in self._odd if number not in dead]

    def _stop_watching(self, kept: list[bool]) -> None:
        """Keep only those of the watched whose place in ``kept`` is True."""
        columns: tuple[list[Any], ...] = (
            self._watched,
            self._watched_refs,
            self._addresses,
            self._versions,
            self._shapes,
            self._requiring,
        )
        self._graded = None
        for column in columns:
            column[:] = compress(column, kept)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]
