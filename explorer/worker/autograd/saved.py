"""What a node saved for its backward, read without disturbing the program.

Saved tensors are attributes ``_saved_<argument>`` of a node; for the program's own Functions
they are ``saved_tensors``. Reading one can raise (freed, or overwritten in place), and where the
program set hooks on saved tensors it would run the program's code: those are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple

import torch
from torch import Tensor

SAVED = "_saved_"
RAW = "_raw_saved_"


class SavedState(IntEnum):
    """Whether a saved tensor can still be read."""

    HELD = 0
    FREED = 1
    OVERWRITTEN = 2
    HOOKED = 3
    """Packed by a hook of the program (checkpointing, offloading): not unpacked to look at it."""


class Saved(NamedTuple):
    """One saved tensor: ``argument`` is its name in the formula, ``saved[0]`` for a Function's.

    ``value`` is the tensor where the state is HELD, and None otherwise. ``error`` is what torch
    said when it was freed or overwritten.
    """

    argument: str
    state: SavedState
    value: Tensor | None
    error: str = ""


class SavedHooksWatch:
    """Tells whether hooks on saved tensors may be about, for torches that do not say so.

    From torch 2.10 a saved tensor names its hook. Earlier ones do not; there the one door by
    which default hooks come is watched, and once it was used nothing saved is read any more.
    """

    def __init__(self) -> None:
        self.needed = not hasattr(torch._C._autograd.SavedTensor, "unpack_hook")
        self.used = False
        self._door: Any = None

    def install(self) -> None:
        """Watch the door, where that is needed."""
        if self.needed and self._door is None:
            self._door = torch._C._autograd._push_saved_tensors_default_hooks
            self._replace(self._push)

    def remove(self) -> None:
        """Put the door back."""
        if self._door is not None:
            self._replace(self._door)
            self._door = None

    def _replace(self, door: Any) -> None:
        setattr(torch._C._autograd, "_push_saved_tensors_default_hooks", door)  # noqa: B010

    def _push(self, pack: Any, unpack: Any) -> None:
        self.used = True
        self._door(pack, unpack)

    def hooked(self, raw: Any) -> bool:
        """Whether reading this saved tensor might run code of the program."""
        return self.used if self.needed else raw.unpack_hook is not None


WATCH = SavedHooksWatch()

_TOLD_BY_GRADIENTS = ("_sym_sizes", "_sym_strides", "_scalar_type", "_options", "_layout")
"""Ends of the names of values that the shapes and dtypes of the gradients tell as well."""


class Attributes(NamedTuple):
    """What a type of node can save: names of arguments, and the attributes that hold them."""

    tensors: tuple[str, ...]
    scalars: tuple[str, ...]
    is_function: bool


_attributes: dict[type, Attributes] = {}


def attributes_of(kind: type) -> Attributes:
    """What nodes of this type can save."""
    known = _attributes.get(kind)
    if known is None:
        names = [name for name in dir(kind) if name.startswith((SAVED, RAW))]
        tensors = tuple(name[len(RAW) :] for name in names if name.startswith(RAW))
        others = tuple(
            name[len(SAVED) :]
            for name in names
            if name.startswith(SAVED)
            and name[len(SAVED) :] not in tensors
            and not name.endswith(_TOLD_BY_GRADIENTS)
        )
        is_function = issubclass(kind, torch._C._FunctionBase)
        known = Attributes(() if is_function else tensors, others, is_function)
        _attributes[kind] = known
    return known


def is_python_function(node: Any) -> bool:
    """Whether the node belongs to a ``torch.autograd.Function`` written in Python."""
    return attributes_of(type(node)).is_function


def saved_tensors(node: Any) -> list[Saved]:
    """Every tensor that the node saved, in a fixed order; undefined ones are left out."""
    known = attributes_of(type(node))
    if known.is_function:
        return list(_saved_of_function(node))
    found: list[Saved] = []
    for argument in known.tensors:
        raw = getattr(node, RAW + argument, None)
        if raw is None:
            continue
        if isinstance(raw, (list, tuple)):
            found += _saved_list(node, argument, raw)
        elif WATCH.hooked(raw):
            found.append(Saved(argument, SavedState.HOOKED, None))
        else:
            found += _read(node, SAVED + argument, (argument,))
    return found


def saved_scalars(node: Any) -> dict[str, Any]:
    """What the node saved besides tensors: numbers, sizes, flags, names; never a tensor."""
    found: dict[str, Any] = {}
    known = attributes_of(type(node))
    for argument in () if known.is_function else known.scalars:
        try:
            value = getattr(node, SAVED + argument)
        except (RuntimeError, TypeError):
            continue  # a type that has no Python form, such as a saved layout
        if not _holds_tensor(value):
            found[argument] = _signed(value)
    return found


def formula_values(node: Any) -> dict[str, Any]:
    """Name -> value of all that a live node saved, as its formula needs it.

    Lists of saved tensors become lists, undefined ones None; what cannot be read is left out.
    """
    values: dict[str, Any] = saved_scalars(node)
    if is_python_function(node):
        return values
    readable: dict[str, dict[int, Tensor]] = {}
    for saved in saved_tensors(node):
        name, _, place = saved.argument.rstrip("]").partition("[")
        slots = readable.setdefault(name, {})
        if saved.value is not None:
            slots[int(place or 0)] = saved.value
    for name in attributes_of(type(node)).tensors:
        raw = getattr(node, RAW + name, None)
        slots = readable.get(name, {})
        if name in readable and not slots:
            continue
        if isinstance(raw, (list, tuple)):
            values[name] = [slots.get(place) for place in range(len(raw))]
        else:
            values[name] = slots.get(0)
    return values


def _signed(value: Any) -> Any:
    """Torch hands out a negative dimension as an unsigned number."""
    if isinstance(value, (list, tuple)):
        return tuple(_signed(item) for item in value)
    if type(value) is int and value >= 1 << 63:
        return value - (1 << 64)
    return value


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, Tensor) for item in value)
    return isinstance(value, Tensor)


def _saved_of_function(node: Any) -> Iterator[Saved]:
    try:
        raws = node._raw_saved_tensors
    except RuntimeError as err:
        yield Saved("saved", SavedState.FREED, None, str(err))
        return
    if not raws:
        return
    if any(WATCH.hooked(raw) for raw in raws):
        for place in range(len(raws)):
            yield Saved(f"saved[{place}]", SavedState.HOOKED, None)
        return
    yield from _read(node, "saved_tensors", tuple(f"saved[{i}]" for i in range(len(raws))))


def _saved_list(node: Any, argument: str, raws: Any) -> list[Saved]:
    names = tuple(f"{argument}[{place}]" for place in range(len(raws)))
    if any(raw is not None and WATCH.hooked(raw) for raw in raws):
        return [Saved(name, SavedState.HOOKED, None) for name in names]
    return _read(node, SAVED + argument, names)


def _read(node: Any, attribute: str, names: tuple[str, ...]) -> list[Saved]:
    """Read one attribute, which holds a tensor or, for several names, as many tensors."""
    try:
        value = getattr(node, attribute)
    except RuntimeError as err:
        state = _state_told_by(str(err))
        return [Saved(name, state, None, str(err)) for name in names]
    if isinstance(value, Tensor):
        return [Saved(names[0], SavedState.HELD, value)]
    if not isinstance(value, (list, tuple)):
        return []
    pairs = zip(names, value, strict=False)
    return [Saved(name, SavedState.HELD, one) for name, one in pairs if isinstance(one, Tensor)]


def _state_told_by(text: str) -> SavedState:
    return SavedState.OVERWRITTEN if "inplace" in text else SavedState.FREED
