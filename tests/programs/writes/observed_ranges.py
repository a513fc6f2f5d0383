"""Observers of quantisation, to whose ranges torch gives other sizes on its way; a script's modules."""

import warnings

import torch
from torch import nn
from torch.ao import quantization

warnings.simplefilter("ignore")  # of deprecation
torch.manual_seed(0)
kinds = quantization.get_default_qat_qconfig("x86")
layer = nn.Conv2d(1, 2, 2)
fake = kinds.weight()
low, scale = fake.activation_post_process.min_val, fake.scale
zero = fake.zero_point
weight = fake(layer.weight)
weight.sum().backward()
grad = layer.weight.grad
for step in range(2):
    with torch.no_grad():
        layer.weight.mul_(1.5)
    weight = fake(layer.weight)
seen = kinds.activation()
out = seen(torch.linspace(-1, 2, 5))
highest = seen.activation_post_process.max_val


class Counts(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2, 2)
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x):
        return torch.relu(self.inner(x)) + self.count


script = torch.jit.script(Counts())
first = script(torch.ones(1, 2))
script.count.add_(1)
second = script(torch.ones(1, 2))
middle = script.inner(torch.ones(1, 2))
print(low.shape, scale.shape, zero.shape, highest.item(), (second - first).tolist())


def observed(x, on, fake, low, high, scale, zero):
    return torch.fused_moving_avg_obs_fake_quant(
        x, on, fake, low, high, scale, zero, 0.01, 0, 255, 0, False, False
    )


scripted = torch.jit.script(observed)
whole = torch.jit.script(kinds.activation())
kept = whole(torch.linspace(-1, 2, 5))
