"""Item 4: every way the chapter makes a tensor."""

import numpy as np
import torch

torch.manual_seed(7)
legacy = torch.Tensor([[1, 2], [3, 4]])
modern = torch.tensor([[1, 2], [3, 4]])
array = np.arange(6, dtype=np.float32).reshape(2, 3)
shared = torch.from_numpy(array)
copied = torch.Tensor(array)
array[0, 0] = 100.0
shared[1, 2] = -1.0
seen_by_numpy = float(array[1, 2])
ones = torch.ones(2, 3)
zeros = torch.zeros(3)
eye = torch.eye(3)
stepped = torch.arange(1, 10, 3)
halves = torch.arange(0.0, 2.0, 0.5)
spaced = torch.linspace(0, 1, 5)
uniform = torch.rand(2, 2)
gauss = torch.randn(2, 2)
drawn = torch.normal(mean=torch.tensor([0.0, 10.0]), std=torch.tensor([1.0, 0.1]))
filled = torch.empty(4).uniform_(-1, 1)
shuffled = torch.randperm(6)
like = torch.zeros_like(modern)
full = torch.full((2, 2), 3.5)
print(seen_by_numpy, copied[0, 0].item(), shared[0, 0].item(), shuffled.tolist())
