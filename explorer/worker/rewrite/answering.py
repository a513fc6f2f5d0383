"""Answers what a statement's syntax left open, when it has run, without running any code of the
program."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from types import FrameType, FunctionType, MethodType
from typing import Any

import torch
from torch.nn.modules.loss import _Loss

from explorer.worker.recording.classes import MISSING, names_in, of_class, order_of
from explorer.worker.recording.names import names_of
from explorer.worker.rewrite.asks import (
    AUGMENTED,
    CALLED,
    CALLED_TWICE,
    CLIPPED,
    FILLED,
    GIVEN,
    LOOPED,
    METHOD,
    METHOD_INSIDE,
    MORE,
    OF_METHODS,
    RAISED,
    WRITTEN,
    Ask,
)
from explorer.worker.rewrite.known_writes import are_gradients_clipped, is_known
from explorer.worker.rewrite.members import FILLABLE, SCALARS, attribute_of, item_of
from explorer.worker.rewrite.quiet_methods import are_all_quiet, has_quiet_method
from explorer.worker.rewrite.quiet_modules import (
    calls_quietly,
    is_among,
    is_quiet,
)
from explorer.worker.rewrite.reach import Reach, is_exact

_LOOPS = (*FILLABLE, tuple, range, str, bytes, frozenset, torch.Tensor, torch.nn.Parameter)
_SETTERS = (object.__setattr__, torch.nn.Module.__setattr__)
_NEW, _INIT = vars(object)["__new__"], vars(object)["__init__"]
_Module = torch.nn.Module
_METHODS = tuple(vars(_Module)[name] for name in ("state_dict", "train", "eval", "parameters"))


def are_harmless(
    asks: Iterable[Ask], frame: FrameType, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    """Whether what was asked about in a statement of ``frame`` can have written by itself into no
    tensor besides those that it adds to ``reach``; ``recorded`` is the code of functions that are
    recorded themselves, by identity."""
    names = names_of(frame)
    for ask in asks:
        first = ask.path[0]
        thing = owner = names.get(first, MISSING)
        if thing is MISSING:
            thing = owner = frame.f_globals.get(first, MISSING)
        of_method = ask.kind in OF_METHODS
        if of_method and thing is MISSING:
            thing = vars(builtins).get(first, MISSING)
        for part in ask.path[1:]:
            if of_method and is_exact(thing):
                break  # what is an attribute or item of a tensor is one, too
            owner, thing = thing, attribute_of(thing, part)
        if ask.key is not None and not is_exact(thing):
            owner, thing = thing, item_of(thing, ask.key, names, frame.f_globals)
        if _ANSWERS[ask.kind](thing, ask.attribute, recorded, reach):
            continue
        if ask.kind != CALLED or not ask.path[1:]:
            return False
        if not is_known(owner, ask.path[-1], ask.attribute, reach):
            return False
    return True


def _is_one_of(thing: Any, classes: tuple[type, ...]) -> bool:
    return is_among(type(thing), classes)


def _is_called_quietly(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    function = thing.__func__ if type(thing) is MethodType else thing
    if type(function) is FunctionType:
        return _is_recorded(function, recorded)
    if type(thing) is type:
        return _is_made_quietly(thing, recorded)
    return is_among(_Module, order_of(type(thing))) and calls_quietly(thing, recorded, reach)


def _is_recorded(function: FunctionType, recorded: Mapping[int, Any]) -> bool:
    code = function.__code__
    return is_among(function, _METHODS) or (id(code) in recorded and code.co_name != "<lambda>")


def _is_made_quietly(cls: type, recorded: Mapping[int, Any]) -> bool:
    """Whether making an object runs nothing but a recorded ``__init__``, or it is a namedtuple,
    or a module of torch's own."""
    if is_quiet(cls):
        return True
    order = order_of(cls)
    new, init = of_class(order, "__new__"), of_class(order, "__init__")
    if new is _NEW:
        return init is _INIT or (type(init) is FunctionType and _is_recorded(init, recorded))
    is_named = is_among(tuple, order) and "_make" in names_in(cls) and init is _INIT
    return is_named and type(new) is staticmethod and new.__func__.__code__.co_filename[:1] == "<"


def _is_called_twice_quietly(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    return type(thing) is type and is_among(_Loss, order_of(thing)) and is_quiet(thing)


def _is_filled_quietly(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    if is_exact(thing):
        return reach.add(thing)
    return _is_one_of(thing, SCALARS if attribute == MORE else FILLABLE)


def _is_given_quietly(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    order = order_of(type(thing))
    if thing is MISSING or is_among(torch.Tensor, order) or is_among(type, order):
        return False
    return (
        is_among(of_class(order, "__setattr__"), _SETTERS) and of_class(order, attribute) is MISSING
    )


def _is_raised_quietly(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    if is_exact(thing):
        return attribute in ("data", "grad") and _is_written_alone(
            thing, attribute, recorded, reach
        )
    return _is_given_quietly(thing, attribute, recorded, reach) and _is_made_more(
        attribute_of(thing, attribute), attribute, recorded, reach
    )


def _is_made_more(thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach) -> bool:
    return reach.add(thing) if is_exact(thing) else _is_one_of(thing, SCALARS)


def _is_looped_quietly(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    return _is_one_of(thing, _LOOPS)


def _is_written_alone(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    if not is_exact(thing):
        return False
    if attribute == "grad":  # torch warns where there is none
        thing = thing.grad if thing.is_leaf or thing.retains_grad else None
    return is_exact(thing) and reach.add(thing)


def _is_clipped_alone(
    thing: Any, attribute: str, recorded: Mapping[int, Any], reach: Reach
) -> bool:
    return is_among(_Module, order_of(type(thing))) and are_gradients_clipped(
        thing, attribute, reach
    )


_ANSWERS = {
    CALLED: _is_called_quietly,
    FILLED: _is_filled_quietly,
    GIVEN: _is_given_quietly,
    RAISED: _is_raised_quietly,
    LOOPED: _is_looped_quietly,
    CALLED_TWICE: _is_called_twice_quietly,
    METHOD: has_quiet_method,
    METHOD_INSIDE: are_all_quiet,
    WRITTEN: _is_written_alone,
    CLIPPED: _is_clipped_alone,
    AUGMENTED: _is_made_more,
}
