"""Notes each ``step()`` of each optimizer, through torch's own hook for all optimizers."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

from explorer.protocol.optimizers import (
    OptimizerSeen,
    OptimizerStepped,
    ParameterGroup,
    ParameterState,
)
from explorer.worker.autograd.hook_numbers import numbered_apart

NUMBERS = (int, float, bool)


class OptimizerWatch:
    """Tells of optimizer steps.

    ``tell`` takes news whose step index is filled in by whoever reads the log; ``id_of`` gives a
    tensor's id.
    """

    def __init__(
        self, tell: Callable[[object], None], id_of: Callable[[torch.Tensor], int]
    ) -> None:
        self._tell = tell
        self._id_of = id_of
        self._ids: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._told: dict[int, tuple[ParameterGroup, ...]] = {}
        with numbered_apart():
            self._hook = register_optimizer_step_post_hook(self._stepped)

    def close(self) -> None:
        """Take the hook away again."""
        self._hook.remove()

    def _stepped(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        number = self._ids.setdefault(optimizer, len(self._ids) + 1)
        groups = tuple(self._group(optimizer, group) for group in optimizer.param_groups)
        if self._told.get(number) != groups:
            self._told[number] = groups
            self._tell(OptimizerSeen(-1, number, type(optimizer).__name__, groups))
        self._tell(OptimizerStepped(-1, number))

    def _group(self, optimizer: torch.optim.Optimizer, group: dict[str, Any]) -> ParameterGroup:
        settings: dict[str, float] = {}
        for name, value in group.items():
            if name == "betas":
                settings["beta1"], settings["beta2"] = (float(beta) for beta in value)
            elif type(value) in NUMBERS and math.isfinite(value):
                settings[name] = float(value)
        parameters = (self._parameter(optimizer, one) for one in group["params"])
        return ParameterGroup(settings, tuple(parameters))

    def _parameter(
        self, optimizer: torch.optim.Optimizer, parameter: torch.Tensor
    ) -> ParameterState:
        state = optimizer.state.get(parameter, {})
        tensors = tuple(
            (str(name), self._id_of(value))
            for name, value in state.items()
            if isinstance(value, torch.Tensor)
        )
        return ParameterState(self._id_of(parameter), tensors)
