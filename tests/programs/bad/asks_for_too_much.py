"""Asks for more memory than there is, in torch, in Python and in NumPy."""
import resource

import numpy as np
import torch

# Whoever copies what is only stretched fails here, and does not take the machine's memory.
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
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
