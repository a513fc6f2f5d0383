"""What makes a class a message: registration, and the check of everything that arrives.

A *message* travels alone, a *part* only inside a message. Both are frozen dataclasses whose
fields are checked against their annotations when they are decoded. A field named ``tail`` of
type ``bytes`` travels raw behind the JSON head.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from typing import dataclass_transform
else:  # the worker's Python may be 3.10, which lacks it

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        return lambda function: function


T = TypeVar("T")
Check = Callable[[Any, str], Any]

MESSAGES: dict[str, type] = {}

PLAIN = frozenset({str, int, float, bool, type(None)})
"""Types that ``json`` writes as they are."""


class BadMessage(ValueError):
    """A message that does not fit its class; its text is one sentence for people."""


@dataclass_transform(frozen_default=True)
def message(cls: type[T]) -> type[T]:
    """Make ``cls`` a frozen dataclass that may travel; its name is its kind on the wire.

    Raises:
        TypeError: for a field named ``kind`` or ``number``, which the wire itself uses.
    """
    made: Any = dataclasses.dataclass(frozen=True)(cls)
    if {"kind", "number"} & {field.name for field in dataclasses.fields(made)}:
        raise TypeError(f"{cls.__name__} has a field named kind or number; the wire uses these.")
    MESSAGES[cls.__name__] = made
    return cast(type[T], made)


@dataclass_transform(frozen_default=True)
def part(cls: type[T]) -> type[T]:
    """Make ``cls`` a frozen dataclass that travels inside messages, as a JSON array."""
    return dataclasses.dataclass(frozen=True)(cls)


def to_json(value: Any) -> Any:
    """Turn a field's value into what ``json`` can write: parts become arrays."""
    cls = type(value)
    if cls in PLAIN:
        return value
    if isinstance(value, (tuple, list)):
        return [item if type(item) in PLAIN else to_json(item) for item in value]
    if dataclasses.is_dataclass(cls):
        return [to_json(getattr(value, name)) for name in _field_names(cls)]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


@cache
def _field_names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


def head_of(sent: object) -> tuple[dict[str, Any], bytes]:
    """Split a message into its JSON head and its raw tail."""
    head: dict[str, Any] = {"kind": type(sent).__name__}
    tail = b""
    cls: Any = type(sent)
    for name, _ in checks_of(cls):
        value = getattr(sent, name)
        if name == "tail":
            tail = value
        else:
            head[name] = to_json(value)
    return head, tail


def from_head(head: Any, tail: bytes, kinds: Mapping[str, type]) -> Any:
    """Make the message of one of ``kinds`` that a head and a tail describe.

    Raises:
        BadMessage: when the kind is not known or a field does not fit its annotation.
    """
    if not isinstance(head, dict):
        raise BadMessage("A message arrived whose head is no JSON object.")
    cls = kinds.get(str(head.get("kind")))
    if cls is None:
        raise BadMessage(f"A message of the unknown kind {head.get('kind')!r} arrived.")
    values: dict[str, Any] = {}
    for name, check in checks_of(cls):
        if name == "tail":
            values[name] = tail
        elif name in head:
            values[name] = check(head[name], f"{cls.__name__}.{name}")
    try:
        return cls(**values)
    except TypeError as err:
        raise BadMessage(f"A message {cls.__name__} arrived incomplete: {err}.") from err


def prepare_checks(kinds: Iterable[type]) -> None:
    """Make the checks of these messages now, so that decoding looks nothing up in
    ``sys.modules`` any more."""
    for cls in kinds:
        checks_of(cls)


@cache
def checks_of(cls: Any) -> tuple[tuple[str, Check], ...]:
    """The fields of a message or part, each with the function that checks and converts it."""
    hints = typing.get_type_hints(cls)
    return tuple((field.name, _check_for(hints[field.name])) for field in dataclasses.fields(cls))


def _check_for(hint: Any) -> Check:
    origin = typing.get_origin(hint)
    if hint is Any:
        return lambda value, where: value
    if origin in (types.UnionType, typing.Union):
        return _union(tuple(_check_for(arm) for arm in typing.get_args(hint)))
    if origin is tuple:
        return _tuple(typing.get_args(hint))
    if origin is dict:
        return _mapping(_check_for(typing.get_args(hint)[1]))
    if dataclasses.is_dataclass(hint):
        return _part(typing.cast(type, hint))
    if hint is None or hint is type(None):
        return _exactly(type(None))
    if hint is float:
        return _exactly(float, int)
    return _exactly(hint)


def _exactly(*allowed: type) -> Check:
    def check(value: Any, where: str) -> Any:
        if type(value) not in allowed:
            raise BadMessage(f"{where} is a {type(value).__name__}, not a {allowed[0].__name__}.")
        return value

    return check


def _union(arms: tuple[Check, ...]) -> Check:
    def check(value: Any, where: str) -> Any:
        for arm in arms:
            try:
                return arm(value, where)
            except BadMessage as err:
                last = err
        raise last

    return check


def _tuple(args: tuple[Any, ...]) -> Check:
    if len(args) == 2 and args[1] is Ellipsis:
        if args[0] is int:
            return _many_ints
        each = _check_for(args[0])
        return lambda value, where: tuple(each(item, where) for item in _array(value, where))
    fixed = tuple(_check_for(arg) for arg in args)

    def check(value: Any, where: str) -> Any:
        items = _array(value, where)
        if len(items) != len(fixed):
            raise BadMessage(f"{where} has {len(items)} items, not {len(fixed)}.")
        return tuple(one(item, where) for one, item in zip(fixed, items, strict=True))

    return check


def _many_ints(value: Any, where: str) -> Any:
    items = tuple(_array(value, where))
    if not all(type(item) is int for item in items):
        raise BadMessage(f"{where} holds something that is no whole number.")
    return items


def _array(value: Any, where: str) -> Any:
    if type(value) is not list:
        raise BadMessage(f"{where} is a {type(value).__name__}, not an array.")
    return value


def _mapping(each: Check) -> Check:
    def check(value: Any, where: str) -> Any:
        if type(value) is not dict:
            raise BadMessage(f"{where} is a {type(value).__name__}, not an object.")
        return {key: each(item, where) for key, item in value.items()}

    return check


def _part(cls: type) -> Check:
    checks = checks_of(cls)

    def check(value: Any, where: str) -> Any:
        items = _array(value, where)
        if len(items) > len(checks):
            raise BadMessage(f"{where} has too many fields for {cls.__name__}.")
        pairs = zip(checks, items, strict=False)
        values = [one(item, f"{cls.__name__}.{name}") for (name, one), item in pairs]
        try:
            return cls(*values)
        except TypeError as err:
            raise BadMessage(f"{where} is incomplete: {err}.") from err

    return check
