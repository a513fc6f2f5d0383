"""Calls of torch's own that write, and into which tensors: optimizers, schedulers, loading.

A training loop consists of these. Where nobody but torch runs in them, only what they can reach
is compared, not every tensor that is alive.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import torch
from torch.nn.utils import clip_grad
from torch.optim import lr_scheduler
from torch.optim import optimizer as _optimizers
from torch.optim.optimizer import Optimizer

from explorer.worker.recording.classes import of_class, order_of
from explorer.worker.recording.optimizers import OptimizerWatch
from explorer.worker.rewrite.quiet_modules import is_among
from explorer.worker.rewrite.reach import Reach, is_exact

_Module: Any = torch.nn.Module
_NUMBERS = (int, float, bool, str, type(None))
_HELD_BY_STEP = (*_NUMBERS, tuple)


def _wrapper_in(function: Any) -> Any:
    """The code of the one function that ``function`` makes around another."""
    inner = [one for one in function.__code__.co_consts if inspect.iscode(one)]
    return inner[0] if len(inner) == 1 else None


_AROUND_STEP = _wrapper_in(Optimizer.profile_hook_step)


def _without_hooks(step: Any) -> Any:
    """A step, without what torch puts around it to call hooks."""
    is_around = type(step) is FunctionType and step.__code__ is _AROUND_STEP
    return getattr(step, "__wrapped__", None) if is_around else step


_STEPS = {
    id(cls): _without_hooks(cls.step)
    for name, cls in vars(torch.optim).items()
    if inspect.isclass(cls) and issubclass(cls, Optimizer) and name not in ("Optimizer", "LBFGS")
}
"""Identity of each optimizer's class -> its step, which calls nothing of the program's."""

_SCHEDULERS = {
    id(getattr(lr_scheduler, name)): getattr(lr_scheduler, name).step
    for name in (
        "StepLR MultiStepLR ConstantLR LinearLR ExponentialLR PolynomialLR CosineAnnealingLR"
        " OneCycleLR CosineAnnealingWarmRestarts ReduceLROnPlateau"
    ).split()
    if hasattr(lr_scheduler, name)
}
"""Those that call nothing of the program's."""

_SCHEDULED = lr_scheduler.__file__
_ZERO_GRAD = vars(Optimizer)["zero_grad"]
_OWN_HOOK = OptimizerWatch.is_told
_CLIPS = {name: getattr(clip_grad, name) for name in ("clip_grad_norm_", "clip_grad_value_")}
CLIPS = frozenset(_CLIPS)
"""Functions that write into the gradients of the parameters that they are given."""

_PLAIN_METHODS = (
    "parameters named_parameters _named_members modules named_modules zero_grad load_state_dict"
    " set_extra_state"
).split()
_LOADING_HOOKS = ("_load_state_dict_pre_hooks", "_load_state_dict_post_hooks")
_PARAMETERS, _BUFFERS = "_parameters", "_buffers"
_ROOMS = (dict, OrderedDict)
_OF_TORCH = torch.nn.modules.__name__ + "."


def is_known(owner: Any, name: str, arguments: str, reach: Reach) -> bool:
    """Whether the method ``name`` of ``owner``, called with that many arguments (empty: with named
    ones), has written only into tensors that are added to ``reach``."""
    find = _KNOWN.get(name)
    return find is not None and find(owner, arguments, reach)


def _steps(owner: Any, arguments: str, reach: Reach) -> bool:
    cls = type(owner)
    plain = _STEPS.get(id(cls))
    if plain is None:
        return _schedules(owner)
    held = _held_by(owner)
    if arguments != "0" or held.get("_optimizer_step_pre_hooks"):
        return False
    if held.get("_optimizer_step_post_hooks") or _optimizers._global_optimizer_pre_hooks:
        return False
    hooks = _optimizers._global_optimizer_post_hooks.values()
    if not all(getattr(hook, "__func__", None) is _OWN_HOOK for hook in hooks):
        return False
    step = of_class(order_of(cls), "step")
    mine = held.get("step", step)
    if _without_hooks(step) is not plain or not (mine is step or _is_scheduled(mine, step)):
        return False
    return _add_parameters(owner, reach) and _add_state(held.get("state", {}), reach)


def _is_scheduled(mine: Any, step: Any) -> bool:
    """Whether an optimizer's own step is what a scheduler of torch has put around it."""
    is_function = type(mine) is FunctionType and mine.__code__.co_filename == _SCHEDULED
    return is_function and getattr(mine, "__wrapped__", None) is step


def _add_parameters(owner: Any, reach: Reach) -> bool:
    for group in _held_by(owner).get("param_groups", ()):
        if not all(_add_graded(one, reach) for one in dict.get(group, "params", ())):
            return False
    return True


def _add_graded(parameter: Any, reach: Reach) -> bool:
    if not is_exact(parameter) or not parameter.is_leaf:
        return False
    reach.add(parameter)
    grad = parameter.grad
    return grad is None or (is_exact(grad) and reach.add(grad))


def _add_state(state: dict[Any, Any], reach: Reach) -> bool:
    for kept in dict.values(state):
        if type(kept) is not dict:
            return False
        for value in kept.values():
            if is_exact(value):
                reach.state.append(value)
            elif not is_among(type(value), _HELD_BY_STEP):
                return False
    reach.tensors += reach.state
    return True


def _schedules(owner: Any) -> bool:
    cls = type(owner)
    plain = _SCHEDULERS.get(id(cls))
    held = _held_by(owner)
    if plain is None or "step" in held or of_class(order_of(cls), "step") is not plain:
        return False
    optimizer = held.get("optimizer")
    if not is_among(Optimizer, order_of(type(optimizer))):
        return False
    groups = _held_by(optimizer).get("param_groups", ())
    return not any(isinstance(one, torch.Tensor) for group in groups for one in group.values())


def _forgets_gradients(owner: Any, arguments: str, reach: Reach) -> bool:
    order = order_of(type(owner))
    if is_among(Optimizer, order):
        own = "zero_grad" in _held_by(owner) or of_class(order, "zero_grad") is not _ZERO_GRAD
        return not own and _add_parameters(owner, reach)
    return is_among(_Module, order) and _add_members(owner, reach)


def are_gradients_clipped(module: Any, name: str, reach: Reach) -> bool:
    """The same of ``nn.utils.clip_grad_norm_(module.parameters(), ...)``."""
    is_plain = getattr(torch.nn.utils, name, None) is _CLIPS.get(name)
    return is_plain and _add_members(module, reach)


def _loads(owner: Any, arguments: str, reach: Reach) -> bool:
    if arguments != "1" or not is_among(_Module, order_of(type(owner))):
        return False
    if not all(map(_is_loaded_plainly, _modules_of(owner))):
        return False
    return _add_members(owner, reach, (_PARAMETERS, _BUFFERS))


def _is_loaded_plainly(module: Any) -> bool:
    load: Any = of_class(order_of(type(module)), "_load_from_state_dict")
    if type(load) is not FunctionType or not load.__module__.startswith(_OF_TORCH):
        return False
    return not any(map(_held_by(module).get, _LOADING_HOOKS))


def _add_members(owner: Any, reach: Reach, rooms: tuple[str, ...] = (_PARAMETERS,)) -> bool:
    for module in _modules_of(owner):
        held, order = _held_by(module), order_of(type(module))
        if any(of_class(order, name) is not vars(_Module)[name] for name in _PLAIN_METHODS):
            return False
        if any(map(held.__contains__, _PLAIN_METHODS)):
            return False
        for room in rooms:
            members = held.get(room)
            if members is None or not is_among(type(members), _ROOMS):
                return False
            if not all(one is None or _add_graded(one, reach) for one in members.values()):
                return False
    return True


def _modules_of(module: Any) -> Iterator[Any]:
    yield module
    inner = _held_by(module).get("_modules")
    if inner is not None and is_among(type(inner), _ROOMS):
        for one in inner.values():
            if one is not None:
                yield from _modules_of(one)


def _held_by(thing: Any) -> dict[str, Any]:
    """The attributes of an object, past any code of its class."""
    held: dict[str, Any] = object.__getattribute__(thing, "__dict__")
    return held


_KNOWN: dict[str, Callable[[Any, str, Reach], bool]] = {
    "step": _steps,
    "zero_grad": _forgets_gradients,
    "load_state_dict": _loads,
}
