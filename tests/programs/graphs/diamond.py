"""Paths that part and meet again: gradients are added where they meet."""
import torch

x = torch.tensor(2.0, requires_grad=True)
left = x * 3
right = x**2
both = left * right
again = both + left - x
again.retain_grad()
left.retain_grad()
again.backward()
print(x.grad, left.grad, again.grad)
