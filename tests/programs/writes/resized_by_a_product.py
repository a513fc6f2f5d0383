"""addbmm_ gives its tensor another size where that does not fit, as no other product does."""
import torch

x = torch.ones(1)
y = torch.ones(2, 3)
a = torch.ones(4, 2, 5)
b = torch.ones(4, 5, 3)
x.addbmm_(a, b)
y.addbmm_(a, b, beta=0.5)
z = torch.tensor(2.0)
z.addbmm_(a, b, alpha=2)
print(x, y, z)
