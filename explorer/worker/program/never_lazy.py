"""Results of operations whose backward cannot live with a copy-on-write snapshot.

``ctc_loss`` writes, as torch sees it, into its own saved result from several threads at once, and
torch asserts that memory which is still shared is not written there. What such an operation gave
is copied for real. (Of all node kinds that torch has, tried one by one, it is the only one.)
"""

from __future__ import annotations

from typing import Any

import torch

from explorer.worker.cards import history_of
from explorer.worker.recording.storages import own_memory
from explorer.worker.snapshots import Snapshots

_C: Any = torch._C  # what is private there has no types
KINDS = tuple(
    getattr(_C._functions, name)
    for name in ("CtcLossBackward0", "CtcLossBackward1")
    if hasattr(_C._functions, name)
)


def keep_for_real(tensor: torch.Tensor, grad_fn: Any, snapshots: Snapshots) -> None:
    """Keep the memory of a result of these operations, or of a view of one, by real copies."""
    base = tensor._base
    if type(grad_fn) in KINDS or (base is not None and type(history_of(base)) in KINDS):
        own_memory(tensor)
        snapshots.export(tensor, "")
