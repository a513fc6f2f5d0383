"""Makes enumerations as `enum` itself makes them, member by member the same, in less time.

Before the first picture Qt's binding and the editor component ask the standard library for some
270 enumerations with 4,300 members. The standard way prepares, checks and replaces each member,
which takes as long as all the rest of loading Qt. Here the standard way makes one enumeration of
each kind; the others are made after that model.
"""

from __future__ import annotations

import enum
import sys
from typing import Any

KINDS = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
OWN = frozenset(("_value_", "_name_", "__objclass__", "_sort_order_"))
"""What a member has of its own."""
CONTAINERS = frozenset(
    (
        "_member_names_",
        "_member_map_",
        "_value2member_map_",
        "_hashable_values_",
        "_unhashable_values_",
        "_unhashable_values_map_",
    )
)
Pairs = list[tuple[str, int]]
_maker: Any = enum.EnumType
_standard = _maker._create_
_models: dict[type, dict[str, Any] | None] = {}
_taken: dict[type, frozenset[str]] = {}
"""Names that an enumeration of a kind has anyway."""


def begin() -> None:
    """From now on enumerations made of names and whole numbers are made the quick way."""
    _maker._create_ = _create


def end() -> None:
    """All enumerations are made by the standard library alone again."""
    _maker._create_ = _standard


def _create(cls: Any, class_name: str, names: Any, **rest: Any) -> Any:
    """What ``Enum("Colour", [("RED", 1)])`` calls."""
    if rest.get("module") is None:
        rest["module"] = sys._getframe(2).f_globals.get("__name__")
    asked = rest.get("type"), rest.get("qualname")
    if asked == (None, None) and cls in KINDS and _is_plain(cls, names):
        model = _model(cls, rest.get("boundary"))
        if model is not None:
            return _after(model, cls, class_name, names, rest["module"])
    return _standard(cls, class_name, names, **rest)


def _is_plain(kind: type, names: Any) -> bool:
    """Whether all are names that mean nothing to Python, with whole numbers."""
    if type(names) is not list or not names:
        return False
    taken = _taken.get(kind)
    if taken is None:
        bases = (*kind.__mro__, *_maker.__mro__)
        taken = _taken[kind] = frozenset(name for base in bases for name in vars(base))
    if {*map(type, names)} != {tuple} or {*map(len, names)} != {2}:
        return False
    words, values = [name for name, _ in names], [value for _, value in names]
    return (
        {*map(type, words)} == {str}
        and {*map(type, values)} == {int}
        and len({*words}) == len(names)
        and taken.isdisjoint(words)
        and not any(word[:1] == "_" for word in words)
        and (min(values) >= 0 or not issubclass(kind, enum.Flag))
    )


def _model(kind: Any, boundary: Any) -> dict[str, Any] | None:
    """What the class of an enumeration of a kind holds; None where it is not as known here."""
    if kind not in _models:
        made = _standard(kind, "Model", [("ONE", 1)], module=__name__, boundary=boundary)
        held = dict(vars(made))
        member = held.pop("ONE", None)
        filled = {name for name, value in held.items() if isinstance(value, dict | list | set)}
        known = isinstance(member, made) and vars(member).keys() == OWN and filled <= CONTAINERS
        held["_of_boundary"] = boundary
        _models[kind] = held if known else None
    model = _models[kind]
    return model if model is not None and model["_of_boundary"] is boundary else None


def _after(model: dict[str, Any], kind: Any, class_name: str, names: Pairs, module: str) -> Any:
    held = dict(model)
    del held["_of_boundary"]
    members: dict[str, Any] = {}
    of_value: dict[int, Any] = {}
    listed: list[str] = []
    fresh = {
        "_member_names_": listed,
        "_member_map_": members,
        "_value2member_map_": of_value,
        "_hashable_values_": [value for _, value in names],
        "_unhashable_values_": [],
        "_unhashable_values_map_": {},
    }
    held.update((name, value) for name, value in fresh.items() if name in held)
    held["__module__"] = module
    flags = "_flag_mask_" in held
    if flags:
        _set_masks(held, names)
    made: Any = type.__new__(enum.EnumType, class_name, (kind,), held)
    of_int = issubclass(kind, int)
    put = type.__setattr__
    for name, value in names:
        member = of_value.get(value)
        if member is None:
            member = of_value[value] = int.__new__(made, value) if of_int else object.__new__(made)
            member._value_, member._name_ = value, name
            member.__objclass__, member._sort_order_ = made, len(listed)
            if not flags or (value and not value & (value - 1)):  # of flags only single bits
                listed.append(name)
        members[name] = member
        put(made, name, member)
    if flags:
        _set_order(made, listed, members)
    return made


def _set_masks(held: dict[str, Any], names: Pairs) -> None:
    every = single = 0
    for _, value in names:
        every |= value
        if value and not value & (value - 1):
            single |= value
    held["_flag_mask_"], held["_singles_mask_"] = every, single
    held["_all_bits_"] = 2 ** every.bit_length() - 1


def _set_order(made: Any, listed: list[str], members: dict[str, Any]) -> None:
    """Flags are gone through by value, unless they were not given in that order."""
    values = [members[name]._value_ for name in listed]
    if values != sorted(values):
        made._iter_member_ = made._iter_member_by_def_
