"""Moves old contents from memory to the files on disk, on a thread of its own."""

from __future__ import annotations

import threading
import time
from array import array
from collections import deque
from typing import Any

import torch

from explorer.worker.memory.memory_use import give_back
from explorer.worker.memory.spill_file import Abandoned, SpillFailed, SpillFile, memory_at
from explorer.worker.program.unlisted import UnlistedThread
from explorer.worker.quiet import quiet
from explorer.worker.recording.whole import has_plain_storage, packed
from explorer.worker.snapshots import OVERHEAD, address_of

SPEED_OVER = 1 << 28
"""Bytes over which the speed of the disk is taken."""
TOGETHER = 1 << 20
"""Bytes of small contents that are written in one go."""

KEPT_BACK = 1 << 22
"""Freed bytes that the allocator may keep back, at least; more where the budget is larger."""

GIVEN_UP = -1
NO_ROOM = -2
TOO_SLOW = -3
TOO_LARGE = -4
NOT_WRITABLE = -5
TOO_LONG = -6
REASONS = {
    GIVEN_UP: "The recording had filled its memory and its room on disk, so the oldest values "
    "were dropped.",
    NO_ROOM: "The recording had filled its memory, so the oldest values were dropped.",
    TOO_SLOW: "The recording had filled its memory faster than the disk could take it, so the "
    "oldest values were dropped.",
    TOO_LARGE: "This tensor's storage is larger than the memory that the recording may take.",
    NOT_WRITABLE: "The recording had filled its memory, and values of this kind are not written "
    "to disk, so they were dropped.",
    TOO_LONG: "The recording had filled its memory, and this value is larger than its room on "
    "disk, so it was dropped.",
}
"""Why a content is not held any more, by the number that stands in its place."""

Contents = list[Any]
"""Content id -> a tensor over it; the place on disk where it lies; a negative number of `REASONS`
when it was dropped; None when it was never held."""


def cost_of(snapshot: torch.Tensor) -> int:
    """Bytes of memory that a snapshot takes when nobody else holds the same."""
    if not has_plain_storage(snapshot):
        return OVERHEAD + snapshot_bytes(snapshot)
    return OVERHEAD + snapshot.untyped_storage().nbytes()


def snapshot_bytes(snapshot: torch.Tensor) -> int:
    """Bytes of a tensor without plain storage, roughly where torch does not tell them."""
    try:
        if snapshot.layout is torch.sparse_coo:
            return int(snapshot._values().nbytes + snapshot._indices().nbytes)
        return int(snapshot.values().nbytes)
    except (RuntimeError, NotImplementedError):
        return int(snapshot.numel() * snapshot.element_size())


class Spilling:
    """The queue of contents that only the recording holds, oldest first, and who empties it.

    Contents are put in by the program's threads, under the log's lock.
    """

    def __init__(self, contents: Contents, file: SpillFile, packed: set[int]) -> None:
        self.file = file
        self._packed = packed
        """Contents without plain storage that are on disk."""
        self.dropped: deque[tuple[tuple[int, ...], str]] = deque()
        """What was dropped and why, until it is told."""
        self._contents = contents
        self._queue: deque[tuple[int, int]] = deque()
        self._came = 0
        self._went = 0
        self._fell = 0
        self._given_back = 0
        self.kept_back = KEPT_BACK
        """Freed bytes after which the allocator is asked to hand them to the system."""
        self._target = 0
        self.speed = 500e6
        """Bytes per second that the disk takes, as far as is known."""
        self._writing = False
        self._moved = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def held(self) -> int:
        """Bytes of memory of all that is in the queue."""
        return self._came - self._went - self._fell

    def add(self, content: int) -> None:
        """Only the recording holds this content from now on."""
        snapshot = self._contents[content]
        if isinstance(snapshot, torch.Tensor):
            cost = cost_of(snapshot)
            self._came += cost
            self._queue.append((content, cost))

    def begin(self, target: int) -> None:
        """Let the thread write until no more than ``target`` bytes are held."""
        if self.file.trouble or not self._queue:
            return
        with self._moved:
            self._target = target
            if self._thread is None:
                self._thread = UnlistedThread(target=self._work, name="explorer spilling")
                self._thread.start()
            self._moved.notify_all()

    def wait(self, most: int, seconds: float) -> bool:
        """Wait until no more than ``most`` bytes are held; False when it took too long."""
        with self._moved:
            return (
                self._moved.wait_for(lambda: self.held <= most or bool(self.file.trouble), seconds)
                and self.held <= most
            )

    def drop_to(self, most: int) -> None:
        """Drop the oldest contents until no more than ``most`` bytes are held."""
        lost: dict[int, list[int]] = {}
        while self.held > most:
            try:
                content, cost = self._queue.popleft()
            except IndexError:
                break
            reason = NO_ROOM if self.file.trouble else TOO_SLOW
            self._contents[content] = reason
            lost.setdefault(reason, []).append(content)
            self._fell += cost
        for reason, contents in lost.items():
            self.dropped.append((tuple(contents), self._words(reason)))
        self._give_back()
        if self.held > most and self._writing:
            self.file.abandon = True
            self.wait(most, 1.0)
            if self.held > most and self._queue:
                self.drop_to(most)

    def drop(self, content: int, reason: int) -> None:
        """Drop one content that is not in the queue."""
        self._contents[content] = reason
        self.dropped.append(((content,), self._words(reason)))

    def reason_for(self, place: int) -> str:
        """Why the content with this number in its place is not held."""
        return self._words(place)

    def write_now(self, content: int, data: memoryview) -> bool:
        """Write a content from memory that is not the recording's; False when that fails."""
        with self._moved:
            if not self._moved.wait_for(lambda: not self._writing, 5.0):
                return False
            self._writing = True
        try:
            return self._wrote([(content, data)])
        finally:
            with self._moved:
                self._writing = False
                self._moved.notify_all()

    def _words(self, reason: int) -> str:
        words = REASONS[reason]
        if reason == NO_ROOM and self.file.trouble:
            return f"{words[:-1]}; nothing more could be written to disk: {self.file.trouble}."
        return words

    # The thread.

    def _work(self) -> None:
        while True:
            with self._moved:
                self._moved.wait_for(self._has_work)
                self._writing = True
            batch: list[tuple[int, int]] = []
            try:
                with quiet():
                    self._move(batch)
            except Exception as err:
                self.file.trouble = f"{type(err).__name__}: {err}"
            finally:
                with self._moved:
                    self._writing = False
                    self.file.abandon = False
                    self._moved.notify_all()

    def _has_work(self) -> bool:
        wanted = self.held > self._target and bool(self._queue)
        return wanted and not self._writing and not self.file.trouble

    def _move(self, batch: list[tuple[int, int]]) -> None:
        """Write one large content or several small ones."""
        batch += self._next_batch()
        snapshots = [self._contents[content] for content, _ in batch]
        pieces = [
            (content, data)
            for (content, _), snapshot in zip(batch, snapshots, strict=True)
            if (data := self._bytes_of(content, snapshot)) is not None
        ]
        done = self._wrote(pieces)
        if not done and self.file.trouble:
            written = {content for content, _ in pieces}
            self._went += sum(cost for content, cost in batch if content not in written)
            self._queue.extendleft(reversed([one for one in batch if one[0] in written]))
            return
        if not done:
            for content, _ in pieces:
                self.drop(content, TOO_SLOW if self.file.abandon else TOO_LONG)
        del snapshots, pieces
        self._went += sum(cost for _, cost in batch)
        self._give_back()

    def _give_back(self) -> None:
        gone = self._went + self._fell
        if gone - self._given_back >= self.kept_back:
            self._given_back = gone
            give_back()

    def _next_batch(self) -> list[tuple[int, int]]:
        batch, size = [], 0
        while self._queue and size < TOGETHER:
            try:
                content, cost = self._queue.popleft()
            except IndexError:
                break  # they were dropped meanwhile
            batch.append((content, cost))
            size += cost
        return batch

    def _bytes_of(self, content: int, snapshot: torch.Tensor) -> memoryview | bytes | None:
        """What is to be written of a snapshot; None for what cannot be, which is dropped."""
        if has_plain_storage(snapshot):
            return _bytes_of(snapshot)
        data = packed(snapshot)
        if data is None:
            self.drop(content, NOT_WRITABLE)
        else:
            self._packed.add(content)
        return data

    def _wrote(self, pieces: list[tuple[int, Any]]) -> bool:
        """Write; False when it was abandoned or cannot be done, which `file.trouble` tells."""
        if not pieces:
            return True
        size = sum(len(data) for _, data in pieces)
        began = time.monotonic()
        try:
            self._give_up(self.file.make_room(size))
            places = self.file.write(pieces)
        except (SpillFailed, Abandoned):
            return False
        speed = size / max(time.monotonic() - began, 1e-6)
        share = min(size / SPEED_OVER, 1.0)
        self.speed += (speed - self.speed) * share
        for (content, _), place in zip(pieces, places, strict=True):
            self._contents[content] = place
        return True

    def _give_up(self, lost: array[int]) -> None:
        for content in lost:
            self._contents[content] = GIVEN_UP
        if lost:
            self.dropped.append((tuple(lost), REASONS[GIVEN_UP]))


def _bytes_of(snapshot: torch.Tensor) -> memoryview | bytes:
    """The whole storage of a snapshot, read without making it its own."""
    storage = snapshot.untyped_storage()
    if snapshot.device.type != "cpu":
        held: Any = storage
        return bytes(held.cpu())
    nbytes = storage.nbytes()
    address = address_of(snapshot)
    return memory_at(address, nbytes) if nbytes else b""
