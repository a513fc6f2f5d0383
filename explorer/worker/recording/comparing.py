"""Small things that the watch over tensors compares with."""

from __future__ import annotations

from typing import Any

import torch

from explorer.worker.cards import UNKNOWN_HISTORY


def differing(now: list[Any], before: list[Any]) -> list[int]:
    """Places at which two lists of one length differ."""
    return [
        place for place, (one, other) in enumerate(zip(now, before, strict=True)) if one != other
    ]


def nothing() -> None:
    """Stands for the reference to a tensor that is gone."""
    return None


def may_carry_grad(tensor: torch.Tensor, grad_fn: Any) -> bool:
    """Whether asking for ``.grad`` makes sense (on others torch warns)."""
    return grad_fn is None or (grad_fn is not UNKNOWN_HISTORY and tensor.retains_grad)
