"""A long batch of steps as several short ones, so that it can be taken in over several turns."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.protocol.recording import StepsRecorded

COLUMNS, WIDTH = 3, 4


def pieces_of(news: StepsRecorded, most: int) -> Iterator[StepsRecorded]:
    """Batches of at most so many steps that tell the same in the same order. Changes are unpacked
    as far as the pieces are asked for.

    Raises:
        ValueError: when the tail does not hold what it should.
    """
    if news.count <= most:
        yield news
        return
    changes = news.every_change()
    change = next(changes, None)
    length = WIDTH * news.count
    for low in range(0, news.count, most):
        high = min(low + most, news.count)
        end, is_last = news.first + high, high == news.count
        taken = []
        while change is not None and (is_last or change.step < end):
            taken.append(change)
            change = next(changes, None)
        starts = [column * length for column in range(COLUMNS)]
        columns = [news.tail[start + WIDTH * low : start + WIDTH * high] for start in starts]

        def belongs(step: int, low: int = low, end: int = end, is_last: bool = is_last) -> bool:
            return (low == 0 or step >= news.first + low) and (is_last or step < end)

        yield StepsRecorded(
            news.first + low,
            high - low,
            b"".join(columns),
            frames=() if low else news.frames,
            kinds=() if low else news.kinds,
            changes=tuple(taken),
            nodes=tuple(one for one in news.nodes if belongs(one.step)),
            owners=tuple(one for one in news.owners if belongs(one.owner)),
            errors=tuple(one for one in news.errors if belongs(one.step)),
            passes=tuple(one for one in news.passes if belongs(one.owner)),
        )
