"""The first step at which any tensor held a NaN or an Inf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Search
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Failed
from explorer.protocol.values import FindFirstBad, FoundFirstBad

AT_ONCE = 2000


@dataclass(frozen=True)
class FirstBad:
    """Where it is: ``step`` is -1 when there is none. ``unread`` contents could not be looked at;
    ``sentence`` is not empty when the search had to end."""

    step: int = -1
    tensor: int = 0
    index: tuple[int, ...] = ()
    unread: int = 0
    looked_at: int = 0
    sentence: str = ""


def first_bad(recording: Recording, what: str) -> Search[FirstBad]:
    """Search every content of floating-point tensors; ``what`` as in `FindFirstBad`."""
    writes = float_writes(recording)
    unread = looked_at = 0
    while some := list(islice(writes, AT_ONCE)):
        answer = yield FindFirstBad(tuple(source for _, _, source in some), what)
        if isinstance(answer, Failed):
            return FirstBad(unread=unread, looked_at=looked_at, sentence=answer.sentence)
        if isinstance(answer, FoundFirstBad):
            unread += answer.unread
            if 0 <= answer.place < len(some):
                step, tensor, _ = some[answer.place]
                return FirstBad(step, tensor, answer.index, unread, looked_at + answer.place + 1)
        looked_at += len(some)
    return FirstBad(unread=unread, looked_at=looked_at)


def float_writes(recording: Recording) -> Iterator[tuple[int, int, NumbersOf]]:
    """(step, tensor, numbers) of every content of floating-point tensors, in order of steps.

    A content is listed once, for the first tensor that a step showed it through.
    """
    seen: set[int] = set()
    for step in recording.writing_steps(0, len(recording) - 1):
        change = recording.change(step)
        if change is None:
            continue
        fresh = {row[0] for row in change.contents if row[1] and row[1] not in seen}
        seen.update(row[1] for row in change.contents)
        tensors = [row[0] for row in change.cards] + list(recording.names_at(step).values())
        for tensor in dict.fromkeys(tensors) if fresh else ():
            card = recording.card(step, tensor)
            content = recording.content_of(step, tensor)
            if card is None or content is None or card.storage not in fresh:
                continue
            if "float" in card.kind.dtype or "complex" in card.kind.dtype:
                yield step, tensor, card.numbers(content.id)
