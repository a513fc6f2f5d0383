"""Two tensors that should be equal, such as a derivative by hand and one by autograd."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.model.troubles.evidence import Search
from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.running import Failed
from explorer.protocol.values import (
    FindNumber,
    Found,
    NumberBox,
    ReadStatistics,
    Sight,
    Statistics,
)


@dataclass(frozen=True)
class Furthest:
    """The cell in which two tensors differ most; ``index`` is None when they do not differ or
    cannot be compared. ``sentence`` says what came of it."""

    index: tuple[int, ...] | None
    sentence: str


def furthest(sight: Sight, name: str, other: str) -> Search[Furthest]:
    """Where the numbers of ``sight`` and those it is compared with lie furthest apart, in ulps."""
    if sight.against is None:
        return Furthest(None, f"{other} has no numbers at this step to compare {name} with.")
    ulps = replace(sight, how="ulps")
    shape = sight.source.shape
    whole = NumberBox((0,) * len(shape), shape, (1,) * len(shape))
    counted = yield ReadStatistics(ulps, whole)
    if not isinstance(counted, Statistics):
        return Furthest(None, counted.sentence if isinstance(counted, Failed) else "")
    if counted.high is None:
        return Furthest(None, f"{name} and {other} hold nothing but NaN and Inf.")
    if counted.high == 0 and not counted.nan:
        equal = f"{name} and {other} are equal in all {counted.count} cells, bit by bit."
        return Furthest(None, equal)
    found = yield FindNumber(ulps, whole, "nan" if counted.nan else "max")
    if not isinstance(found, Found) or not found.found:
        return Furthest(None, f"{name} and {other} could not be compared.")
    cells = (_cell(sight.source, found.index), _cell(sight.against, found.index))
    answer = yield ReadNumbers(cells, 1)
    lists = answer.lists if isinstance(answer, Numbers) else ()
    pair = " and ".join(str(one[0]) for one in lists if isinstance(one, list) and one)
    place = f"[{', '.join(map(str, found.index))}]"
    if counted.nan:
        return Furthest(found.index, f"{name} and {other} differ by NaN at {place}: {pair}.")
    ulp = "1 ulp" if counted.high == 1 else f"{int(counted.high):,} ulps"
    return Furthest(
        found.index,
        f"{name} and {other} differ most at {place}, by {ulp}: {pair}. Of {counted.count} cells"
        f" {counted.zeros} are equal, bit by bit.",
    )


def _cell(source: NumbersOf, index: tuple[int, ...]) -> NumbersOf:
    offset = sum(place * step for place, step in zip(index, source.stride, strict=False))
    return replace(source, shape=(), stride=(), offset=source.offset + offset)
