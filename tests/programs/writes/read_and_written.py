"""What only seems to be read is written: weights with a spectral norm, observers of a range."""

import torch
from torch import nn
from torch.nn.utils import parametrizations

torch.manual_seed(0)
layer = parametrizations.spectral_norm(nn.Linear(3, 3))
norm = layer.parametrizations.weight[0]
u, v = norm._u, norm._v
before = u.clone()
weight = layer.weight
same = torch.equal(before, u)
twice = layer.weight * 2
size = layer.weight.norm()
first, second = layer.weight, layer.weight.detach()
layer.eval()
again = layer.weight
layer.train()
out = layer(torch.ones(1, 3))
out.sum().backward()

low, high = torch.zeros(1), torch.ones(1)
scale, zero = torch.ones(1), torch.zeros(1, dtype=torch.int)
seen, rounded = torch.ones(1, dtype=torch.long), torch.ones(1, dtype=torch.long)
x = torch.linspace(-3, 5, 6)
y = torch.fused_moving_avg_obs_fake_quant(
    x, seen, rounded, low, high, scale, zero, 0.5, 0, 255, 0, False, False
)
z = y + 1
print(same, low.item(), high.item(), scale.item())
