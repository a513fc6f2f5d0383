"""Answers everything about numbers, on one thread: the short before the long, nothing in vain.

Work that takes long goes piece by piece. Between two pieces whatever is more urgent is done
first, and work whose answer is no longer wanted is dropped. Of what is equally urgent, briefs of
few numbers come before those of many, and all else in the order in which it was asked.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Cancel, Failed
from explorer.protocol.values import (
    QUICK_BRIEFS,
    ExportNumbers,
    FindFirstBad,
    FindNumber,
    ReadBriefs,
    ReadCellHistory,
    ReadShape,
    ReadStatistics,
    ReadSummary,
    ReadTile,
)
from explorer.worker.program.unlisted import UnlistedThread
from explorer.worker.quiet import quiet
from explorer.worker.snapshots import ContentGone, Snapshots
from explorer.worker.tiles import read_shape, read_tile
from explorer.worker.values.briefs import read_briefs, read_cell_history
from explorer.worker.values.exports import export_numbers
from explorer.worker.values.fields import CannotShow
from explorer.worker.values.finding import find_first_bad, find_number
from explorer.worker.values.sights import TensorOf
from explorer.worker.values.statistics import read_statistics
from explorer.worker.values.summaries import read_summary

Send = Callable[[object, int], None]
Work = Iterator[object | None]


def _at_once(answer: Callable[[Any, TensorOf], object]) -> Callable[[Any, TensorOf], Work]:
    def work(request: Any, tensor_of: TensorOf) -> Work:
        yield answer(request, tensor_of)

    return work


_WORK: dict[type, tuple[int, Callable[[Any, TensorOf], Work]]] = {
    ReadShape: (0, _at_once(read_shape)),
    ReadTile: (0, _at_once(read_tile)),
    ReadSummary: (2, read_summary),
    ReadStatistics: (3, read_statistics),
    FindNumber: (3, find_number),
    ReadCellHistory: (3, read_cell_history),
    ReadBriefs: (4, read_briefs),
    FindFirstBad: (5, find_first_bad),
    ExportNumbers: (5, export_numbers),
}
"""For each request how urgent it is (0 most) and who answers it."""

REQUESTS = tuple(_WORK)
"""The requests that a `Desk` answers."""


@dataclass
class Job:
    """A request being answered."""

    number: int
    rank: tuple[int, int]
    work: Work


class Desk:
    """Takes requests from any thread and sends each answer, with the request's number."""

    def __init__(self, tensor_of: TensorOf, send: Send) -> None:
        self._tensor_of = tensor_of
        self._send = send
        self._inbox: queue.SimpleQueue[tuple[Any, int]] = queue.SimpleQueue()
        self._jobs: list[Job] = []
        self._closed = False
        self._thread = UnlistedThread(target=self._serve, name="explorer values")
        self._thread.start()

    def take(self, request: object, number: int) -> None:
        """Answer a request of `REQUESTS` as soon as what is more urgent has been answered."""
        self._inbox.put((request, number))

    def cancel(self, number: int) -> None:
        """Drop the work on a request; it is never answered then."""
        self._inbox.put((Cancel(number), 0))

    def close(self) -> None:
        """End the thread; what has not been answered never is."""
        self._inbox.put((None, 0))
        self._thread.join()

    def _serve(self) -> None:
        while not self._closed:
            self._collect(wait=not self._jobs)
            if self._jobs and not self._closed:
                self._advance(min(self._jobs, key=lambda job: job.rank))

    def _collect(self, wait: bool) -> None:
        while True:
            try:
                request, number = self._inbox.get(block=wait)
            except queue.Empty:
                return
            wait = False
            if request is None:
                self._closed = True
                return
            if isinstance(request, Cancel):
                self._drop(request.asked)
            else:
                _, work = _WORK[type(request)]
                self._jobs.append(Job(number, rank_of(request), work(request, self._tensor_of)))

    def _drop(self, number: int) -> None:
        for job in [job for job in self._jobs if job.number == number]:
            self._jobs.remove(job)
            job.work.close()  # type: ignore[attr-defined]

    def _advance(self, job: Job) -> None:
        """Do one piece of a job."""
        try:
            with quiet():
                answer = next(job.work)
        except Exception as err:
            answer = failure(err)
        if answer is not None:
            self._jobs.remove(job)
            self._send(answer, job.number)


def rank_of(request: Any) -> tuple[int, int]:
    """How urgent a request is, and how much work where that tells equally urgent ones apart; the
    least comes first."""
    rank, _ = _WORK[type(request)]
    if isinstance(request, ReadSummary) and request.how == "sample":
        return 1, 0
    if isinstance(request, ReadBriefs):
        size = sum(source.distinct for source in request.sources)
        return (1 if size <= QUICK_BRIEFS else rank), size
    return rank, 0


def failure(err: Exception) -> Failed:
    """What the window is told when work ended in an exception."""
    if isinstance(err, CannotShow):
        return Failed(str(err), "refused")
    if isinstance(err, ContentGone):
        return Failed(str(err), "dropped")
    if isinstance(err, (MemoryError, torch.OutOfMemoryError)):
        return Failed(
            "There is not enough memory to calculate this; look at a smaller slice.", "big"
        )
    first = str(err).partition("\n")[0]
    return Failed(f"torch could not read these numbers: {first or type(err).__name__}", "failed")


def desk_over(snapshots: Snapshots, send: Send) -> Desk:
    """A desk that answers about what was kept."""
    return Desk(tensors_of(snapshots), send)


def tensors_of(snapshots: Snapshots) -> TensorOf:
    """From a header in a request to a tensor over what was kept."""

    def tensor_of(source: NumbersOf) -> torch.Tensor:
        tensor = snapshots.tensor_of(
            source.content, source.dtype, source.shape, source.stride, source.offset
        )
        if "conj" in source.flags and not tensor.is_conj():
            tensor = tensor.conj()
        if "neg" in source.flags and not tensor.is_neg():
            tensor = torch._neg_view(tensor)
        return tensor

    return tensor_of
