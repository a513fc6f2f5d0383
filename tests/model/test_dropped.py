"""Which contents are dropped, and the steps of which nothing is left."""

from __future__ import annotations

import random

from explorer.model.memory.dropped import Dropped


def test_reasons_are_told_by_content() -> None:
    dropped = Dropped()
    dropped.add((3, 5), "The disk was full.")
    dropped.add((4,), "It was too large.")
    told = [dropped.get(content) for content in range(7)]
    full, large = "The disk was full.", "It was too large."
    assert told == ["", "", "", full, large, full, ""]
    assert len(dropped) == 3
    assert dropped.reasons == [full, large]
    assert [content in dropped for content in (0, 3, 100, -1)] == [False, True, False, False]


def test_a_step_is_lost_when_nothing_it_wrote_is_left() -> None:
    dropped = Dropped()
    for content, step in ((1, 0), (2, 2), (3, 2)):
        dropped.written(content, step)
    dropped.add((1, 2), "gone.")
    assert dropped.steps(4).tolist() == [True, False, False, False]
    dropped.add((3,), "gone.")
    assert dropped.steps(4).tolist() == [True, False, True, False]


def test_the_order_of_news_does_not_matter() -> None:
    """Contents can be dropped before the step that wrote them is told."""
    dice = random.Random(0)
    writes = [(content, dice.randrange(30)) for content in range(1, 200)]
    gone = dice.sample(range(1, 200), 150)
    first, second = Dropped(), Dropped()
    for content, step in writes:
        first.written(content, step)
    first.add(gone, "gone.")
    second.add(gone, "gone.")
    for content, step in writes:
        second.written(content, step)
    expected = [
        any(at == step for _, at in writes)
        and all(content in gone for content, at in writes if at == step)
        for step in range(30)
    ]
    assert first.steps(30).tolist() == second.steps(30).tolist() == expected
