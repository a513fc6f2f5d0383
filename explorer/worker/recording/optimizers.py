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

Seen = tuple[dict[str, float], list[tuple[int, tuple[tuple[str, int], ...]]]]
"""A group of parameters: its settings, and for each the tensor and those of its state."""


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
        self._told: dict[int, list[Seen]] = {}
        with numbered_apart():
            self._hook = register_optimizer_step_post_hook(self.is_told)

    def close(self) -> None:
        """Take the hook away again."""
        self._hook.remove()

    def is_told(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        number = self._ids.setdefault(optimizer, len(self._ids) + 1)
        seen = [self._look(optimizer, group) for group in optimizer.param_groups]
        if self._told.get(number) != seen:
            self._told[number] = seen
            groups = tuple(
                ParameterGroup(settings, tuple(ParameterState(*one) for one in parameters))
                for settings, parameters in seen
            )
            self._tell(OptimizerSeen(-1, number, type(optimizer).__name__, groups))
        self._tell(OptimizerStepped(-1, number))

    def _look(self, optimizer: torch.optim.Optimizer, group: dict[str, Any]) -> Seen:
        settings: dict[str, float] = {}
        for name, value in group.items():
            if name == "betas":
                settings["beta1"], settings["beta2"] = (float(beta) for beta in value)
            elif type(value) in NUMBERS and math.isfinite(value):
                settings[name] = float(value)
        id_of, states, parameters = self._id_of, optimizer.state, []
        for parameter in group["params"]:
            tensors: tuple[tuple[str, int], ...] = ()
            state = states.get(parameter)
            if state:
                tensors = tuple(
                    [
                        (str(name), id_of(value))
                        for name, value in state.items()
                        if isinstance(value, torch.Tensor)
                    ]
                )
            parameters.append((id_of(parameter), tensors))
        return settings, parameters
