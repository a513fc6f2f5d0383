"""One head of attention."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(5, 8)
query, key, value = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
q, k, v = query(x), key(x), value(x)
scores = q @ k.t() / 8**0.5
weights = scores.softmax(dim=-1)
out = weights @ v
loss = out.square().mean()
loss.backward()
