"""Tiles are kept by use and within the budget, and blocks cover what is looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from explorer.model.tile_cache import (
    BLOCK_COLUMNS,
    BLOCK_ROWS,
    Region,
    TileCache,
    block_at,
    blocks_touching,
)


def test_what_was_not_used_goes_first() -> None:
    cache: TileCache[str] = TileCache(100)
    cache.put("a", "A", 40)
    cache.put("b", "B", 40)
    assert cache.get("a") == "A"
    cache.put("c", "C", 40)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("A", None, "C")
    cache.put("a", "AA", 60)
    assert cache.held == 100
    cache.clear()
    assert (len(cache), cache.held) == (0, 0)


def test_one_tile_larger_than_the_budget_is_still_shown() -> None:
    cache: TileCache[str] = TileCache(10)
    cache.put("a", "A", 5)
    cache.put("b", "B", 50)
    assert (cache.get("a"), cache.get("b"), len(cache)) == (None, "B", 1)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60))))
def test_the_books_are_right(puts: list[tuple[int, int]]) -> None:
    cache: TileCache[int] = TileCache(100)
    for key, size in puts:
        cache.put(key, size, size)
        assert cache.held == sum(cache.get(key) or 0 for key in range(10))
        assert cache.held <= 100


@given(*[st.integers(1, 400)] * 2, *[st.integers(0, 300)] * 2, *[st.integers(0, 200)] * 2)
def test_blocks_cover_a_region_without_overlap(
    rows: int, columns: int, row: int, column: int, high: int, wide: int
) -> None:
    region = Region(row, high, column, wide)
    blocks = blocks_touching(region, rows, columns)
    cells = [
        (r, c)
        for block in blocks
        for r in range(block.row, block.row + block.rows)
        for c in range(block.column, block.column + block.columns)
    ]
    assert len(cells) == len(set(cells))
    inside = {
        (r, c)
        for r in range(row, min(row + high, rows))
        for c in range(column, min(column + wide, columns))
    }
    assert inside <= set(cells)
    assert all(r < rows and c < columns for r, c in cells)


def test_blocks_far_away() -> None:
    far = 2**62
    block = block_at(far - 1, 5, far, 6)
    assert block.holds(far - 1, 5)
    assert block.rows <= BLOCK_ROWS
    assert block.columns == 6 <= BLOCK_COLUMNS
    assert not block.holds(far, 5)
