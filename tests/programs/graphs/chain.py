"""A chain of unary operations; the gradient passes every node once."""
import torch

x = torch.tensor([0.5, 0.25], requires_grad=True)
a = x * 3
b = a.exp()
c = b.log()
d = c.sin()
e = d.sqrt().abs()
f = e.sum()
f.backward()
print(x.grad)
