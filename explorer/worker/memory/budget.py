"""Keeps what the recording holds within its memory: older contents go to disk, then are dropped.

A lazy snapshot costs nothing while the program's tensor holds the same memory. It becomes the
recording's own when the program writes (then the program has new memory) or lets go of its tensor.
Both are found here, by looking at all storages again whenever enough has come in. What the program
could make the recording's own with its next statement is kept free in advance.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import torch

from explorer.protocol.recording import ContentsDropped, MemoryHeld
from explorer.worker.memory.memory_use import free_disk, free_memory, resident
from explorer.worker.memory.spill_file import SpillFile, memory_at
from explorer.worker.memory.spilling import KEPT_BACK, TOO_LARGE, Spilling
from explorer.worker.memory.unnamed_files import cache_folder
from explorer.worker.snapshots import COPY, LAZY, OVERHEAD, Snapshots, address_of

FLOOR = 128 << 20
"""Bytes that may be held before anything is written to disk."""
SHARE = 0.42
"""Of the memory that the program itself takes: so much may be held before older contents begin to
go to disk, however large the budget is."""
STEP = 1 << 18
"""Bytes that come in before it is worth while to look again; less where the budget is tiny."""
COLUMNS, ROW = 250, 50
"""Bytes that the columns take for each storage and each content: measured."""
GRACE = 1.0
GENTLE, PRESSED = 0.1, 0.3
"""Seconds, and shares of the run's time, that the program may be kept waiting for the disk: while
the budget is not reached, and when it is."""


class Budget:
    """Watches over the snapshots of a run. Used under the log's lock, but for `news`."""

    def __init__(self, snapshots: Snapshots, ways_changed: Callable[[], None]) -> None:
        self._snapshots = snapshots
        self._folder = cache_folder()
        self.bytes = 0
        self.file = SpillFile(self._folder, 0)
        self.spilling = Spilling(snapshots.contents, self.file, snapshots.packed)
        self._sharing: list[int] = []
        self._seen = 1
        self._shared = 0
        self._rewritten = 0
        self._largest = 0
        self._fixed = 0
        self._step = STEP
        self._waited = 0.0
        self._began = time.monotonic()
        self._told: MemoryHeld | None = None
        snapshots.make_room = self.make_room
        snapshots.ways_changed = ways_changed
        snapshots.reason_of = self.spilling.reason_for
        snapshots.read_spilled = self.file.bytes_at
        snapshots.same_on_disk = self._same_on_disk
        snapshots.keep_on_disk = self.keep_on_disk

    def begin(self, memory: int, disk: int) -> None:
        """Set the limits in bytes before a run. 0 of memory is a quarter of what is free, 0 of
        disk a quarter of the free disk; with less than 0 nothing goes to disk."""
        self.bytes = memory or free_memory() // 4 or 1 << 30
        self._step = max(1, min(STEP, self.bytes // 32))
        self.spilling.kept_back = max(self.bytes // 16, KEPT_BACK)
        self.file.folder = self._folder
        free = free_disk(_existing(self._folder)) // 4 if disk == 0 else disk
        self.file.limit = max(free, 0)
        self.file.trouble = "" if self.file.limit else "the recording may take no room on disk"
        self._began = time.monotonic()
        self._snapshots.crowded_at = self._snapshots.kept + min(FLOOR, self.bytes // 4)

    def news(self) -> list[ContentsDropped | MemoryHeld]:
        """What has been dropped since the last call, and what is held when it is another than
        then. From any one thread."""
        dropped = self.spilling.dropped
        found: list[ContentsDropped | MemoryHeld] = []
        while dropped:
            found.append(ContentsDropped(*dropped.popleft()))
        held = self.spilling.held + self._fixed
        told = MemoryHeld(held, self.bytes, self.file.size, self.file.limit)
        if told != self._told:
            self._told = told
            found.append(told)
        return found

    def make_room(self) -> None:
        """Called when enough has come in to look again at what is held."""
        if not self.bytes:
            self._snapshots.crowded_at = self._snapshots.kept + FLOOR
            return
        self._gather()
        self._take_large_aside()
        most = max(self.bytes - self._fixed - self._reserve(), 0)
        gentle = min(most, max(FLOOR, int(self._own() * SHARE)))
        self._reduce_to(gentle, most)
        step = max(min(most, gentle) // 32, self._step)
        room = gentle - self.spilling.held - self._shared
        self._snapshots.crowded_at = self._snapshots.kept + max(room, step)

    def _own(self) -> int:
        """Bytes of the process that are not held by the recording; 0 when not known."""
        return max(resident() - self.spilling.held - self._fixed, 0)

    # What is held.

    def _gather(self) -> None:
        """Find the contents that only the recording holds by now."""
        snapshots, spilling = self._snapshots, self.spilling
        replaced = snapshots.replaced
        while replaced:
            spilling.add(replaced.popleft())
        kept, self._shared, self._rewritten, self._largest, copies = [], 0, 0, 0, 0
        end, newest = len(snapshots.address), len(snapshots.contents) - 1
        for storage in itertools.chain(self._sharing, range(self._seen, end)):
            content = snapshots.content[storage]
            if not isinstance(snapshots.contents[content], torch.Tensor):
                continue
            if content != newest and not snapshots.is_used(storage):
                spilling.add(content)
                snapshots.let_go(storage)
                continue
            kept.append(storage)
            nbytes = snapshots.nbytes[storage]
            if snapshots.way[storage] == LAZY:
                self._shared += nbytes
                self._largest = max(self._largest, nbytes)
                if storage in snapshots.rewritten:
                    self._rewritten += nbytes
            else:
                copies += nbytes
        self._sharing, self._seen = kept, end
        columns = end * COLUMNS + len(snapshots.contents) * ROW
        self._fixed = copies + len(kept) * OVERHEAD + columns

    def _reserve(self) -> int:
        """Bytes that one statement may make the recording's own."""
        expected = max(self._largest, self._rewritten, min(self._shared, self.bytes // 2))
        return min(expected, self.bytes)

    def _take_large_aside(self) -> None:
        """Storages that leave no room when they are written: no snapshot in memory of these."""
        snapshots, kept = self._snapshots, []
        room = self.bytes - self._fixed
        for storage in sorted(self._sharing, key=lambda one: -snapshots.nbytes[one]):
            way, nbytes = snapshots.way[storage], snapshots.nbytes[storage]
            written = storage in snapshots.rewritten
            crowded = room < 0 if way == COPY else written and self._rewritten > room
            if way not in (LAZY, COPY) or nbytes < self._step or not (nbytes > room or crowded):
                kept.append(storage)
                continue
            content = snapshots.content[storage]
            self.keep_on_disk(content, snapshots.contents[content])
            snapshots.set_beside(storage)
            if way == COPY:
                room += nbytes
                self._fixed -= nbytes
            else:
                self._shared -= nbytes
                self._rewritten -= nbytes * written
        if len(kept) < len(self._sharing):
            self._sharing = sorted(kept)
            sizes = [snapshots.nbytes[one] for one in kept if snapshots.way[one] == LAZY]
            self._largest = max(sizes, default=0)

    def keep_on_disk(self, content: int, tensor: torch.Tensor) -> None:
        """Put the bytes of a storage straight to disk, or say why its content is dropped."""
        nbytes = tensor.untyped_storage().nbytes()
        seconds = nbytes / self.spilling.speed
        if tensor.device.type == "cpu" and self._may_wait(PRESSED) >= seconds:
            began = time.monotonic()
            data = memory_at(address_of(tensor), nbytes)
            done = self.spilling.write_now(content, data)
            self._waited += time.monotonic() - began
            if done:
                return
        self.spilling.drop(content, TOO_LARGE)

    def _same_on_disk(self, place: int, tensor: torch.Tensor) -> bool:
        nbytes = tensor.untyped_storage().nbytes()
        return self.file.same(place, memory_at(address_of(tensor), nbytes))

    # Making room.

    def _reduce_to(self, gentle: int, most: int) -> None:
        spilling = self.spilling
        if spilling.held <= gentle:
            return
        spilling.begin(gentle - gentle // 8)
        self._wait(gentle, GENTLE)
        if spilling.held > most:
            self._wait(most, PRESSED)
            if spilling.held > most:
                spilling.drop_to(most - most // 8)

    def _wait(self, most: int, share: float) -> None:
        seconds = self._may_wait(share)
        if seconds > 0 and not self.file.trouble:
            began = time.monotonic()
            self.spilling.wait(most, seconds)
            self._waited += time.monotonic() - began

    def _may_wait(self, share: float) -> float:
        """Seconds that the program may be kept waiting now."""
        worked = time.monotonic() - self._began - self._waited
        grace = GRACE if share == PRESSED else 0.0
        return grace + worked * share - self._waited


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
