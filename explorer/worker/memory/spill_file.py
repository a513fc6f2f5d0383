"""Files on disk that hold values which memory has no room for.

They lie in the user's cache folder and have no name from the moment they are opened (Linux,
macOS) or vanish with their last handle (Windows), so nothing is left behind, however the process
ends. Several files follow one another; the oldest is given up as a whole, and whoever still reads
in it goes on reading what it held.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import threading
from array import array
from collections import deque
from pathlib import Path

import torch

from explorer.worker.memory.memory_use import free_disk
from explorer.worker.memory.unnamed_files import open_unnamed

ALIGNED = 64
"""Bytes: where one content may begin, so that any dtype can lie there."""
MAPPED = 1 << 20
"""Contents from this size on are mapped; smaller ones are read."""
CHUNK = 1 << 24
"""Most bytes that are written in one go."""
UNSYNCED = 1 << 28
"""Bytes written but not on disk yet: with more of them waiting in the system's memory, every new
page of the program would have to wait for the disk."""
SEGMENTS = 8
"""Into how many files the room on disk is divided."""
LARGEST_SEGMENT = 1 << 30
LEFT_FREE = 1 << 28
"""Bytes of the disk that are left to others."""

_WINDOWS = os.name == "nt"
_OFFSET_BITS, _SIZE_BITS = 44, 44
_frombuffer = torch.frombuffer  # before a program can put its own function in its place


class SpillFailed(OSError):
    """Nothing more can be written; the text says why."""


class Abandoned(Exception):
    """What was being written is no longer wanted."""


class _Segment:
    """One file, written from its beginning to its end."""

    def __init__(self, number: int, handle: int) -> None:
        self.number = number
        self.handle = handle
        self.size = 0
        self.contents = array("q")
        """Ids of what lies in it."""
        told = os.fstat(handle)
        self._identity = (told.st_dev, told.st_ino)

    def check(self) -> None:
        """A program may close every handle it did not open, and get the number for another file.

        Raises:
            SpillFailed: when the handle is no longer that of this file.
        """
        told = os.fstat(self.handle)
        if (told.st_dev, told.st_ino) != self._identity:
            raise SpillFailed("the program closed it")


class SpillFile:
    """Contents on disk. One thread writes; any thread reads."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self.trouble = "" if limit > 0 else "it may take no room on disk"
        """Why nothing more can be written; empty while that is not so."""
        self._unsynced = 0
        self.abandon = False
        """Set to give up what is being written."""
        self._segments: deque[_Segment] = deque()
        self._made = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(segment.size for segment in list(self._segments))

    def make_room(self, nbytes: int) -> array[int]:
        """Before ``nbytes`` are written: give up the oldest files where the limit asks for it.

        Returns the ids of the contents that lay in them.

        Raises:
            SpillFailed: when there can be no room for so much.
        """
        if self.trouble:
            raise SpillFailed(self.trouble)
        if nbytes > self.limit:
            raise SpillFailed("a value is larger than the room on disk")
        lost = array("q")
        while self._segments and self.size + nbytes > self.limit:
            lost.extend(self._give_up_oldest())
        return lost

    def write(self, pieces: list[tuple[int, memoryview | bytes]]) -> list[int]:
        """Write contents, given with their ids; returns where each one lies.

        Raises:
            SpillFailed: when the disk is full, or for whatever else the system refuses.
            Abandoned: when `abandon` was set meanwhile.
        """
        total = sum(_aligned(len(data)) for _, data in pieces)
        try:
            segment = self._segment_for(total)
            segment.check()
            places = self._written(segment, pieces)
        except OSError as err:
            self.trouble = self.trouble or str(err.strerror or err)
            raise SpillFailed(self.trouble) from err
        return places

    def _written(
        self, segment: _Segment, pieces: list[tuple[int, memoryview | bytes]]
    ) -> list[int]:
        places, gathered = [], bytearray()
        offset = begin = segment.size
        for _, data in pieces:
            size = len(data)
            places.append(((segment.number << _OFFSET_BITS | offset) << _SIZE_BITS) | size)
            offset += _aligned(size)
            if size < MAPPED:
                gathered += data
                gathered += bytes(_aligned(size) - size)
            else:
                self._put(segment.handle, memoryview(gathered), begin)
                self._put(segment.handle, memoryview(data), offset - _aligned(size))
                gathered, begin = bytearray(), offset
        self._put(segment.handle, memoryview(gathered), begin)
        segment.contents.extend(content for content, _ in pieces)
        segment.size = offset
        return places

    def _put(self, handle: int, data: memoryview, offset: int) -> None:
        for start in range(0, len(data), CHUNK):
            if self.abandon:
                raise Abandoned
            part = data[start : start + CHUNK]
            self._unsynced += len(part)
            while part:
                done = self._write_some(handle, part, offset)
                part, offset = part[done:], offset + done
            if self._unsynced >= UNSYNCED:
                self._unsynced = 0
                _reach_disk(handle)

    def _write_some(self, handle: int, data: memoryview, offset: int) -> int:
        if not _WINDOWS:
            return os.pwrite(handle, data, offset)
        with self._lock:  # there a reader would move the place where writing goes on
            os.lseek(handle, offset, os.SEEK_SET)
            return os.write(handle, data)

    def _segment_for(self, nbytes: int) -> _Segment:
        most = min(self.limit // SEGMENTS, LARGEST_SEGMENT)
        if not self._segments or self._segments[-1].size + nbytes > max(most, nbytes):
            self.folder.mkdir(parents=True, exist_ok=True)
            if free_disk(self.folder) < LEFT_FREE + nbytes:
                raise SpillFailed("the disk is full")
            self._made += 1
            handle = open_unnamed(self.folder, self._made)
            self._segments.append(_Segment(self._made, handle))
        return self._segments[-1]

    def _give_up_oldest(self) -> array[int]:
        with self._lock:
            segment = self._segments.popleft()
            with contextlib.suppress(OSError):
                segment.check()
                os.close(segment.handle)
        return segment.contents

    def bytes_at(self, place: int) -> torch.Tensor | None:
        """What lies at a place, as uint8; mapped where it is large. None when it was given up.

        Raises:
            OSError: when the system cannot read it.
        """
        size = place & ((1 << _SIZE_BITS) - 1)
        offset = (place >> _SIZE_BITS) & ((1 << _OFFSET_BITS) - 1)
        number = place >> (_SIZE_BITS + _OFFSET_BITS)
        if not size:
            return torch.empty(0, dtype=torch.uint8)
        with self._lock:
            for segment in self._segments:
                if segment.number == number:
                    segment.check()
                    return _read_at(segment.handle, offset, size)
        return None

    def same(self, place: int, data: memoryview) -> bool:
        """Whether these bytes lie at a place; False too when that cannot be told."""
        size = place & ((1 << _SIZE_BITS) - 1)
        if size != len(data):
            return False
        for start in range(0, size, CHUNK):
            count = min(CHUNK, size - start)
            part = ((place >> _SIZE_BITS) + start) << _SIZE_BITS | count
            try:
                held = self.bytes_at(part)
            except OSError:
                return False
            mine = _frombuffer(data, dtype=torch.uint8, count=count, offset=start)
            if held is None or not torch.equal(held, mine):
                return False
        return True


def memory_at(address: int, nbytes: int) -> memoryview:
    """The bytes at an address, only to be read, as long as something holds them."""
    return memoryview((ctypes.c_ubyte * nbytes).from_address(address)).cast("B")


def _reach_disk(handle: int) -> None:
    """Wait until all that was written is on disk, and let the system forget it."""
    getattr(os, "fdatasync", os.fsync)(handle)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED


def _read_at(handle: int, offset: int, size: int) -> torch.Tensor:
    if size >= MAPPED:
        inside = offset % mmap.ALLOCATIONGRANULARITY
        start = offset - inside
        mapped = mmap.mmap(handle, inside + size, access=mmap.ACCESS_COPY, offset=start)
        return _frombuffer(mapped, dtype=torch.uint8, count=size, offset=inside)
    if _WINDOWS:
        os.lseek(handle, offset, os.SEEK_SET)
        held = bytearray(os.read(handle, size))
    else:
        held = bytearray(os.pread(handle, size, offset))
    if len(held) != size:
        raise OSError("the file is shorter than it was")
    return _frombuffer(held, dtype=torch.uint8)
