"""Asks for more memory than there is, in torch, in Python and in NumPy."""
import numpy as np
import torch

x = torch.ones(2)
for ask in (
    lambda: torch.empty(10**15),
    lambda: np.empty(10**15),
    lambda: bytearray(10**15),
    lambda: x.expand(10**12, 2).contiguous(),
):
    try:
        ask()
    except (RuntimeError, MemoryError) as error:
        x += 1
big = x.expand(10**9, 2)
