"""Module docstring first."""
from __future__ import annotations

import torch

x: torch.Tensor = torch.ones(2)


def f(a: torch.Tensor, b: NotThere = None) -> torch.Tensor:
    """A docstring."""
    c: AlsoNotThere = a + 1
    return c


y = f(x)
print(f.__doc__, __doc__, f.__annotations__, __annotations__, y)
