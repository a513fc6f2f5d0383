"""The kept gradient of a tensor that is no leaf is written in place."""

import torch
w = torch.ones(3, requires_grad=True)
middle = w * 3
middle.retain_grad()
(middle * middle).sum().backward()
slope = middle.grad
middle.grad.mul_(2.0)
a = 1
b = 2
middle.grad += 1
c = 3
d = 4
