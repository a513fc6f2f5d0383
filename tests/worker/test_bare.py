"""Long containers of numbers and texts are known not to lead to tensors without a walk."""

from __future__ import annotations

import gc
from collections import OrderedDict
from typing import Any, NamedTuple

import pytest
import torch

from explorer.worker.recording.bare import (
    are_bare,
    are_identical,
    bare_places,
    begins_with,
    identities_of,
    is_bare,
    items_of,
    joined,
)
from explorer.worker.recording.containers import Walk

X = torch.ones(2)


class Named(NamedTuple):
    """A tuple whose only item has a name."""

    x: int


class Heir(list[Any]):
    """A list that says something else about itself than it holds."""

    def __len__(self) -> int:
        raise AssertionError("nobody may ask")

    __iter__ = __getitem__ = __eq__ = __len__  # type: ignore[assignment]
    __hash__ = None


@pytest.mark.parametrize(
    "value", [[], [1, "a", None, 2.5, True, 1j, b""], (), (1, 2), {}, {1: "a", "b": 2.0}]
)
def test_numbers_and_texts_are_bare(value: Any) -> None:
    assert is_bare(value)
    assert are_bare([value, value])
    gc.collect()
    assert is_bare(value)


@pytest.mark.parametrize(
    "value",
    [
        [1, X],
        (X,),
        {"a": X},
        [[1]],
        ((1, [2]),),
        {"a": (1, X)},
        Heir([1]),
        OrderedDict(a=1),
        Named(1),
        1,
        X,
    ],
    ids=lambda value: type(value).__name__,
)
def test_others_are_not(value: Any) -> None:
    gc.collect()
    assert not is_bare(value)


def test_a_dict_that_once_held_a_tensor_is_bare_again() -> None:
    value: dict[Any, Any] = {"a": X}
    assert not is_bare(value)
    value["a"] = 1
    assert is_bare(value)
    value[(1, 2)] = 3
    assert not is_bare({**value, (1, X): 3})


@pytest.mark.parametrize("size", [0, 3, 255, 256, 5000])
@pytest.mark.parametrize("kind", [list, tuple, Heir])
def test_identities_are_those_of_the_items(size: int, kind: Any) -> None:
    items = [object() for _ in range(size)]
    holder = kind(items)
    found = identities_of(holder)
    assert [int(one) for one in found] == [id(one) for one in items]
    assert are_identical(holder, found)
    assert items_of(holder) == items
    if size:
        other = kind([*items[:-1], object()])
        assert not are_identical(other, found)
        assert not begins_with(other, found)
        assert not are_identical(kind(items[1:]), found)
    longer = kind([*items, X])
    assert not are_identical(longer, found)
    assert begins_with(longer, found)
    assert are_identical(longer, joined(found, [X]))


def test_places_of_bare_containers_among_numbers() -> None:
    items: list[Any] = [1, [2], "a", (3, 4), {"b": 5}]
    assert bare_places(items) == [1, 3, 4]
    assert bare_places([*items, [X]]) == []
    assert bare_places([*items, object()]) == []
    assert bare_places([1, 2]) == []


def test_a_long_list_of_numbers_fits_as_long_as_there_are_numbers_in_it() -> None:
    value: list[Any] = list(range(1000))
    holder = Walk(value).holder
    value[5] = 7
    value += range(2000)
    assert holder.still_fits(value)
    value.sort()
    assert holder.still_fits(value)
    value[-1] = X
    assert not holder.still_fits(value)


@pytest.mark.parametrize("made", [tuple, list, lambda pair: {"a": pair[0]}])
def test_a_tensor_in_one_of_many_bare_containers_is_found(made: Any) -> None:
    value = [made((n, n)) for n in range(500)]
    gc.collect()
    holder = Walk(value).holder
    assert len(holder.bare) == 500
    assert holder.still_fits(value)
    changed = value[77]
    if type(changed) is tuple:
        value[77] = (X, 1)
    else:
        changed[0 if type(changed) is list else "a"] = X
    assert not holder.still_fits(value)
    assert [path for path, _ in Walk(value).found] in (["[77][0]"], ["[77]['a']"])


def test_more_numbers_than_things_are_walked_through() -> None:
    walk = Walk([list(range(500_000)), X])
    assert [path for path, _ in walk.found] == ["[1]"]
    assert walk.cut == ""
