"""Item 5: the four operations, same shapes and broadcast ones, and a mismatch."""

import torch

a = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
b = torch.tensor([[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]])
total = a + b
less = b - a
times = a * b
parts = b / a
row = torch.tensor([1.0, 0.0, -1.0])
column = torch.tensor([[100.0], [200.0]])
with_row = a + row
with_column = a * column
outer = row * column
scalar = 2 - a
a += row
a.mul_(2)
a -= 1
a /= 3
try:
    a + torch.ones(2)
except RuntimeError as mismatch:
    print(mismatch)
print(outer.shape, total.sum().item(), scalar[0, 0].item())
