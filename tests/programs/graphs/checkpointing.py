"""Checkpointing runs the forward again inside backward, both kinds."""
import torch
from torch.utils.checkpoint import checkpoint

calls = []


def block(t):
    calls.append(1)
    u = t * 2
    v = u.sin()
    return v


x = torch.tensor([0.1, 0.2], requires_grad=True)
y = checkpoint(block, x, use_reentrant=False)
y.sum().backward()
first = x.grad.clone()
x.grad = None
z = checkpoint(block, x, use_reentrant=True)
z.sum().backward()
net = torch.nn.Sequential(*[torch.nn.Linear(2, 2) for _ in range(2)])
with torch.no_grad():
    for p in net.parameters():
        p.fill_(0.5)
w = torch.utils.checkpoint.checkpoint_sequential(net, 2, x, use_reentrant=False)
w.sum().backward()
print(first, x.grad, len(calls), net[0].weight.grad)
