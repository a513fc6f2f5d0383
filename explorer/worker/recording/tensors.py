"""Whether what is known of the tensors of the run is still so."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import torch

from explorer.worker.cards import PLAIN, CardKinds, Row, history_of
from explorer.worker.recording.comparing import nothing
from explorer.worker.recording.known_tensors import KnownTensors
from explorer.worker.recording.log import Change
from explorer.worker.recording.storages import own_memory
from explorer.worker.recording.together import Together, is_engines
from explorer.worker.recording.watch import Watch
from explorer.worker.snapshots import LAZY, Snapshots, object_of

Tensor = torch.Tensor

TOGETHER = (
    "The program has started threads that may write at the same time: as long as they run, tensors "
    "are copied and compared at every step, so recording is slower."
)


class Tensors(KnownTensors):
    """All tensors of the run, compared after every statement that may have written."""

    def __init__(self, snapshots: Snapshots, kinds: CardKinds) -> None:
        super().__init__(snapshots, kinds)
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
        self._some_died = False
        """Whether some are known to have died since all were compared."""
        self._together = Together()

    def check(self, change: Change) -> None:
        """Note every change of every tensor that is alive."""
        if self._together.may_be and self._together.are_over():
            self._write_alone(change)
        died = self._adopt() or self._some_died
        self._some_died = False
        watch = self._watch
        tensors, gone = watch.alive()
        if gone or self._odd:
            died |= self._forget(gone)
        if self.dirty:
            self.dirty = self.regraded = False
            for place, tensor in enumerate(tensors):
                self._look_again(place, tensor, change)
        else:
            self._compare_watched(tensors, died, change)
        for number in self._odd:
            odd = self.refs[number]()
            if odd is not None:
                self.refresh(number, odd, change)
        if self._shared:
            self._watch_shared()

    def _compare_watched(self, tensors: list[Tensor], died: bool, change: Change) -> None:
        """Note what changed about the watched tensors, where nobody says that all may have."""
        watch, rows = self._watch, self.rows
        written, exchanged = watch.changed(tensors)
        every, self.regraded = self.regraded, False
        grads = watch.grads(tensors, every, died)
        for place in sorted(written | exchanged):
            tensor = tensors[place]
            if place in exchanged or not self._only_written(place, tensor, change):
                self._look_again(place, tensor, change)
        for place, grad in grads:
            row = rows[watch.numbers[place]]
            if row is not None and not self._is_known_grad(row, grad):
                self._regrade(place, row, tensors[place], grad, change)

    def _regrade(
        self, place: int, row: Row, tensor: Tensor, grad: Tensor | None, change: Change
    ) -> None:
        """A watched tensor, described by ``row``, has another gradient, or none."""
        if row[4]:
            self._look_again(place, tensor, change)
            return
        given = self.id_of(grad, change) if grad is not None else 0
        now = self.rows[row[0]] = (*row[:5], given, row[6])
        change.cards += now
        self._watch.grade(place, tensor, grad is not None)

    def are_new(self, tensors: Iterable[Tensor]) -> bool:
        """Whether one of these was met after tensors were compared last, or not at all."""
        met = self._met
        return any(not 0 < self._known(tensor) < met for tensor in tensors)

    def are_alive(self, numbers: Iterable[int]) -> bool:
        """Whether all tensors with these ids are: where one has died, another may have come to have
        its identity."""
        refs = self.refs
        for number in numbers:  # noqa: SIM110 (a generator takes longer)
            if refs[number]() is None:
                return False
        return True

    def check_some(self, touched: Sequence[Tensor], change: Change) -> None:
        """Note every change of these tensors, and of those that share their storages; no other
        has been written."""
        self._some_died |= self._adopt()
        known = [number for number in map(self._known, touched) if number]
        numbers = None if self._odd else self._sharing(touched, known)
        if numbers is None:
            self.check(change)
            return
        watch = self._watch
        for number in sorted(numbers):
            tensor, place = self.refs[number](), watch.place_of(number)
            if tensor is None:
                continue
            if place is None:
                self.refresh(number, tensor, change)
                continue
            written, exchanged = watch.differs(place, tensor)
            if exchanged or (written and not self._only_written(place, tensor, change)):
                self._look_again(place, tensor, change)
            row, grad = self.rows[number], watch.grad_of(place, tensor)
            if row is not None and not self._is_known_grad(row, grad):
                self._regrade(place, row, tensor, grad, change)
                watch.forget_grads()

    def _known(self, tensor: Tensor) -> int:
        number = self.by_object.get(id(tensor), 0)
        return number if number and self.refs[number]() is tensor else 0

    def _sharing(self, touched: Sequence[Tensor], known: list[int]) -> set[int] | None:
        """The ids of all known tensors in the storages of these, and of those that count writes
        together with them; None when one of the storages may be another's too."""
        snapshots, rows = self.snapshots, self.rows
        numbers = set(known)
        storages = {row[2] for number in known if (row := rows[number]) is not None}
        if len(known) < len(touched):
            storages.update(snapshots.storage_of(one) for one in touched if not self._known(one))
        storages.discard(0)
        for storage in storages:
            if snapshots.way[storage] != LAZY:
                return None
            numbers.update(self.tensors_in(storage))
        return self._counted_with(numbers) if self.counted_with else numbers

    def _counted_with(self, numbers: set[int]) -> set[int]:
        found, pending = set(numbers), list(numbers)
        while pending:
            for other in self.counted_with.get(pending.pop(), ()):
                row = self.rows[other]
                near = [other, *self.tensors_in(row[2])] if row is not None else []
                pending += set(near) - found
                found.update(near)
        return found

    def _look_again(self, place: int, tensor: Tensor, change: Change) -> None:
        number = self._watch.numbers[place]
        self.refresh(number, tensor, change)
        self._note(place, number, tensor)

    def _only_written(self, place: int, tensor: Tensor, change: Change) -> bool:
        """Note that a leaf that is no view holds something else; False when more has changed."""
        number, snapshots = self._watch.numbers[place], self.snapshots
        row = self.rows[number]
        if row is None or row[4] or row[6] or history_of(tensor) is not None:
            return False
        storage, kind = row[2], self.kinds.kinds[row[1] - 1]
        if (
            snapshots.way[storage] != LAZY
            or snapshots.object[storage] != object_of(tensor)
            or tensor.stride() != kind.stride
            or tensor.storage_offset() != kind.offset
        ):
            return False
        version = tensor._version
        alone = not (kind.flags or snapshots.lodgers.get(storage) or version == row[3])
        if (alone and snapshots.keep_rewritten(storage, tensor)) or snapshots.look(
            storage, tensor, version != row[3]
        ):
            change.contents += snapshots.row(storage)
        if version != row[3]:
            now = self.rows[number] = (*row[:3], version, *row[4:])
            change.cards += now
        if snapshots.way[storage] != LAZY:
            return False
        self._watch.rewritten(place, snapshots.address[storage], version)
        return True

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

    def thread_begins(self, thread: threading.Thread | None) -> None:
        """A thread of the program is about to begin that may write while others do."""
        self._together.begins(thread)
        if self.snapshots.lazy:
            self.trouble(TOGETHER)
            self.own_all()
            self.snapshots.part()
            self.memory_was_shared()

    def thread_failed(self, thread: threading.Thread | None) -> None:
        """That thread could not be started."""
        self._together.failed(thread)

    def thread_runs(self, thread: threading.Thread | None) -> None:
        """A thread beside the first runs code of the program."""
        if thread is not None or not is_engines():
            self.thread_begins(thread)

    def _write_alone(self, change: Change) -> None:
        """No other thread may write any more: all is watched as before there were any."""
        self.snapshots.unite()
        for number in self._odd:
            tensor = self.refs[number]()
            if tensor is not None:
                self.refresh(number, tensor, change)
        self._watch, self._odd, self._met = Watch(), [], 1
        self._some_died |= self._adopt()
        for place, number in enumerate(self._watch.numbers):
            tensor = self.refs[number]()
            if tensor is not None:
                self._note(place, number, tensor)

    def own_all(self) -> None:
        """Let every tensor that is alive have its memory for itself."""
        for reference in self.refs[1:]:
            own_memory(reference())

    def memory_was_shared(self) -> None:
        """Others than torch have come to hold the memory of some tensor."""
        self._shared = self.dirty = True

    def _is_known_grad(self, row: Row, grad: Tensor | None) -> bool:
        known = row[5]
        return not known if grad is None else bool(known) and self.refs[known]() is grad

    def _adopt(self) -> bool:
        """Watch the tensors that were met since the last time; whether some of them have died."""
        died = False
        for number in range(self._met, len(self.refs)):
            if self.refs[number] is nothing:
                continue
            tensor, row = self.refs[number](), self.rows[number]
            if tensor is None or row is None:
                self.refs[number], self.rows[number] = nothing, None
                died = True
            elif self._is_plain(row, tensor):
                kind = self.kinds.kinds[row[1] - 1]
                address = self.snapshots.address[row[2]]
                self._watch.add(
                    number, self.refs[number], address, row[3], kind.shape, kind.requires_grad
                )
            else:
                self._odd.append(number)
        self._met = len(self.refs)
        return died

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

    def _forget(self, gone: list[int]) -> bool:
        """Tensors that were watched have died; whether any has, odd ones included."""
        odd = [number for number in self._odd if self.refs[number]() is None]
        if odd:
            self._odd = [number for number in self._odd if self.refs[number]() is not None]
        for number in gone:
            self.refs[number], self.rows[number] = nothing, None
        return bool(gone or odd)
