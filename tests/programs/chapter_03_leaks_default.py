"""Item 3: leaves the default dtype changed; a later run must start clean all the same."""

import torch

torch.set_default_dtype(torch.float64)
x = torch.ones(3)
print(x.dtype, torch.get_default_dtype())
