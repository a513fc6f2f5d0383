"""Structures without tensors are told at once, and so is the first tensor in one."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from typing import Any

import pytest
import torch

from explorer.worker.recording.container_kinds import TENSORLESS
from explorer.worker.recording.containers import Walk
from explorer.worker.recording.tensorless import holds_no_tensor

Pair = namedtuple("Pair", "one other")


class Plain:
    def __init__(self, **held: Any) -> None:
        self.__dict__.update(held)


class Slotted:
    __slots__ = ("held",)

    def __init__(self, held: Any) -> None:
        self.held = held


def cycle() -> list[Any]:
    made: list[Any] = [1, {"x": 2}]
    made[1]["me"] = made
    return made


WITHOUT = {
    "list of objects": [Plain(text="a", tags=[1, [2]]) for _ in range(3)],
    "objects with slots": [Slotted(Slotted([1]))],
    "dictionary of dictionaries": {"a": {"b": {"c": (1, "x")}}},
    "ordered": OrderedDict(a=[1]),
    "named tuple": Pair([1], {2: 3}),
    "cycle": cycle(),
    "functions and classes": [len, Plain, torch.relu, lambda: torch.ones(1)],
    "empty": [],
}
WITH = {
    "in a list": [[[[torch.ones(1)]]]],
    "in an object": [Plain(x=Plain(y=torch.ones(1)))],
    "in a slot": Slotted([torch.ones(1)]),
    "as a key": {torch.ones(1): 1},
    "module": Plain(net=torch.nn.Linear(1, 1)),
    "optimizer": [torch.optim.SGD([torch.ones(1, requires_grad=True)])],
    "mapping that fills itself": {"a": defaultdict(list)},
    "number": 3,
}


@pytest.mark.parametrize("name", WITHOUT)
def test_structures_without_tensors(name: str) -> None:
    assert holds_no_tensor(WITHOUT[name])


@pytest.mark.parametrize("name", WITH)
def test_structures_of_which_it_is_not_known(name: str) -> None:
    assert not holds_no_tensor(WITH[name])


def test_a_class_that_counts_its_hashes_is_not_asked() -> None:
    asked = []

    class Meta(type):
        def __hash__(cls) -> int:
            asked.append(cls)
            return 1

    class Odd(metaclass=Meta):
        def __init__(self) -> None:
            self.x = 1

    assert not holds_no_tensor([Odd()])
    assert not asked


@pytest.mark.parametrize("make", [list, lambda rows: dict(enumerate(rows))])
def test_a_large_structure_is_walked_again_when_a_tensor_is_in_it(make: Any) -> None:
    rows = [Plain(text="a", tags=[1, [2]]) for _ in range(200)]
    value = make(rows)
    holder = Walk(value).holder
    assert holder.kind == TENSORLESS
    assert holder.still_fits(value)
    vars(rows[70])["tags"][1].append(torch.ones(1))
    assert not holder.still_fits(value)
    assert [path for path, _ in Walk(value).found] == ["[70].tags[1][1]"]
    vars(rows[70])["tags"][1].pop()
    assert holder.still_fits(value)


def test_a_large_part_of_what_holds_tensors_is_kept_as_one() -> None:
    rows = [Plain(text="a", tags=[1, [2]]) for _ in range(200)]
    tree: Any = None
    for number in range(20):
        tree = Plain(
            left=tree, right=[number, [number]], many=[Plain(x=[number]) for _ in range(9)]
        )
    value = Plain(rows=rows, x=torch.ones(1), tree=tree)
    walk = Walk(value)
    assert [path for path, _ in walk.found] == [".x"]
    assert [inner.kind for _, inner in walk.holder.inner] == [TENSORLESS, TENSORLESS]
    assert walk.holder.still_fits(value)
    tree.left.many[3].x.append(torch.ones(1))
    assert not walk.holder.still_fits(value)
