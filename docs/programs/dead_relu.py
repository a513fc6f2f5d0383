"""A unit that never fires: its gradient is zero."""

import torch

torch.manual_seed(0)
data = torch.rand(16, 4)
weight = torch.full((4, 3), -0.5, requires_grad=True)
hidden = torch.relu(data @ weight)
loss = (hidden.sum(dim=1) - 1).pow(2).mean()
loss.backward()
