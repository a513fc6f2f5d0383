"""A recurrent network, six steps long."""

import torch
from torch import nn

torch.manual_seed(0)
cell = nn.RNNCell(4, 8)
state = torch.zeros(2, 8)
data = torch.randn(6, 2, 4)
for moment in data:
    state = cell(moment, state)
loss = state.square().mean()
loss.backward()
