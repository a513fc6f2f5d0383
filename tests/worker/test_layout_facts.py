"""What a write changed, and who saw it, against comparing every tensor before and after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import numpy as np
import pytest
import torch

from explorer.protocol.layout import MOST_RANGES, ReadWrites, WriteLook, Written
from explorer.protocol.numbers import NumbersOf
from explorer.worker.snapshots import Snapshots
from explorer.worker.values import layout_facts
from explorer.worker.values.layout_facts import read_writes

DTYPES = (torch.bool, torch.float16, torch.float32, torch.float64, torch.complex128)


def numbers_of(x: torch.Tensor) -> NumbersOf:
    dtype = str(x.dtype).removeprefix("torch.")
    return NumbersOf(0, dtype, tuple(x.shape), x.stride(), int(x.storage_offset()))


def bits(x: torch.Tensor) -> np.ndarray:
    """The elements' bytes, one row per element, as a copy."""
    flat = x.detach().clone(memory_format=torch.contiguous_format).flatten()
    return flat.view(torch.uint8).reshape(x.numel(), x.element_size()).numpy().copy()


def written(
    base: torch.Tensor, lookers: list[torch.Tensor], write: Callable[[], object]
) -> Written:
    """Snapshot, write, snapshot, ask."""
    snapshots = Snapshots()
    before, bytes_before = kept(snapshots, base)
    write()
    after, bytes_after = kept(snapshots, base)
    seen_by = tuple(numbers_of(x) for x in lookers)
    look = WriteLook(before, after, bytes_before, bytes_after, base.element_size(), seen_by)
    (answer,) = read_writes(snapshots, ReadWrites((look,))).writes
    return answer


def kept(snapshots: Snapshots, base: torch.Tensor) -> tuple[int, int]:
    """Content id and bytes of what the storage holds now."""
    storage = snapshots.find(base)
    snapshots.look(storage, base, written=True)
    _, content, _, _ = snapshots.row(storage)
    return content, base.untyped_storage().nbytes()


def random_views(rng: Random, base: torch.Tensor, count: int) -> list[torch.Tensor]:
    views = []
    for _ in range(count):
        ndim = rng.randrange(3)
        shape = tuple(rng.randrange(4) for _ in range(ndim))
        stride = tuple(rng.randrange(5) for _ in range(ndim))
        reach = sum((n - 1) * s for n, s in zip(shape, stride, strict=True) if n)
        views.append(base.as_strided(shape, stride, rng.randrange(max(len(base) - reach, 1))))
    return views


@pytest.mark.parametrize("chunk", [3, layout_facts.CHUNK])
def test_random_writes_are_seen_by_whom_they_change(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_facts, "CHUNK", chunk)
    rng = Random(3)
    for _ in range(150):
        dtype = rng.choice(DTYPES)
        base = torch.randint(0, 2, (rng.randrange(20, 40),)).to(dtype)
        target = base[rng.randrange(9) :: rng.randrange(1, 4)]
        views = [base, *random_views(rng, base, 5)]
        before = [bits(x) for x in views]
        value = rng.choice((0, 1, -0.0, float("nan")))
        told = written(base, views, partial(target.fill_, value))
        after = [bits(x) for x in views]
        counts = [int((a != b).any(1).sum()) for a, b in zip(before, after, strict=True)]
        assert list(told.cells) == counts
        assert told.changed == counts[0]
        places = np.flatnonzero((before[0] != after[0]).any(1))
        size = base.element_size()
        listed = [p for start, stop in told.ranges for p in range(start // size, stop // size)]
        assert listed == places.tolist()
        assert not told.ranges_cut


def test_a_storage_that_grows_changes_its_new_bytes() -> None:
    base = torch.arange(4.0)
    told = written(base, [base], lambda: (base.data_ptr(), base.resize_(6).fill_(7)))
    assert told.ranges == ((0, 24),) and told.changed == 6
    assert told.cells == (-1,)


def test_more_ranges_than_are_told_end_in_one_long_one() -> None:
    base = torch.zeros(4 * MOST_RANGES)
    told = written(base, [base], lambda: base[::2].fill_(1))
    assert told.changed == 2 * MOST_RANGES and told.cells == (2 * MOST_RANGES,)
    assert told.ranges_cut and len(told.ranges) == MOST_RANGES
    assert told.ranges[0] == (0, 4) and told.ranges[-1] == (4088, 8188)


def test_contents_that_are_not_held_get_a_sentence() -> None:
    look = WriteLook(77, 78, 8, 8, 4, ())
    (told,) = read_writes(Snapshots(), ReadWrites((look,))).writes
    assert told.sentence and not told.ranges
