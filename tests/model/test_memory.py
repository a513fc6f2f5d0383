"""Bytes held by names over the steps, and who looks into a storage."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.model.layout.holders import Holders
from explorer.model.memory.held import Memory
from explorer.model.recording import Recording
from tests.model.recorded import PROGRAMS, recorded

FREED = """\
import torch
big = torch.zeros(1000)
small = big[:2]
other = torch.ones(10, dtype=torch.float64)
del big
small = small.clone()
def work(n):
    local = torch.zeros(n)
    return local[:1]
kept = work(500)
del kept
leaf = torch.ones(4, requires_grad=True)
leaf.sum().backward()
leaf.grad = None
leaf.data = torch.ones(25)
"""


def line_bytes(recording: Recording, memory: Memory) -> dict[int, int]:
    """Bytes held after the last run of each line."""
    held = {}
    for step in range(len(recording)):
        held[recording.step(step).statement.line] = memory.held(step)
    return held


def test_bytes_held_line_by_line(tmp_path: Path) -> None:
    program = tmp_path / "freed.py"
    program.write_text(FREED)
    with recorded(program) as (run, _):
        memory = Memory(run.recording)
        memory.follow()
        held = line_bytes(run.recording, memory)
        assert [held[line] for line in (1, 2, 3, 4, 5, 6)] == [0, 4000, 4000, 4080, 4080, 88]
        assert held[8] == 2088  # inside the function
        assert held[10] == 2088  # the view that was returned keeps all of it
        assert held[11] == 88
        assert [held[line] for line in (12, 13, 14, 15)] == [104, 120, 104, 188]
        (clone,) = run.recording.steps.runs_of_line(str(program), 6)
        assert memory.storages_let_go(clone) == [1]
        assert memory.storages_held(clone - 1) == [1, 2]
        assert memory.held_since(clone - 1, 1) == 1
        assert memory.held_since(clone, 1) is None


@pytest.mark.parametrize("name", ["chapter_10_change_of_shape", "chapter_15_accumulation"])
def test_bytes_held_are_those_that_names_lead_to(name: str) -> None:
    with recorded(PROGRAMS / f"{name}.py") as (run, _):
        recording = run.recording
        memory, growing = Memory(recording), Holders(recording)
        memory.follow()
        growing.follow()
        compared = 0
        for step in range(len(recording)):
            if recording.steps.frame_of(step) != 0:
                continue
            cards = list(recording.cards_at(step).values())
            grads = [recording.card(step, card.grad) for card in cards if card.grad]
            storages = {card.storage for card in [*cards, *grads] if card is not None}
            storages.discard(0)
            contents = [recording.content(step, storage) for storage in storages]
            assert memory.held(step) == sum(one.nbytes for one in contents if one is not None)
            assert set(memory.storages_held(step)) == storages
            compared += 1
        assert compared > 8


def test_following_in_parts_gives_the_same_as_in_one_go() -> None:
    with recorded(PROGRAMS / "aliases" / "many_views.py") as (run, _):
        whole, parts = Memory(run.recording), Memory(run.recording)
        whole.follow()
        before = parts.changes()
        parts.follow()
        parts.follow()
        assert len(before[0]) == 0
        for one, other in zip(whole.changes(), parts.changes(), strict=True):
            assert one.tolist() == other.tolist()


def test_everyone_on_a_storage_is_found_under_every_name() -> None:
    with recorded(PROGRAMS / "aliases" / "gradients.py") as (run, _):
        holders = Holders(run.recording)
        holders.follow()
        last = len(run.recording) - 1
        weight = run.recording.cards_at(last)["net.weight"]
        titles = [one.title for one in holders.on_storage(last, weight.storage)]
        assert {"net.weight", "weight", "rows"} <= set(titles)
        assert not any("grad" in title for title in titles)
        gradient = run.recording.card(last, weight.grad)
        assert gradient is not None
        names = {one.title for one in holders.on_storage(last, gradient.storage)}
        assert {"gradient", "net.weight.grad", "weight.grad"} <= names
