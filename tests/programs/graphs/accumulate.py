"""Gradients of leaves: set, added up, replaced, zeroed, shared with other tensors."""
import torch

x = torch.ones(3, requires_grad=True)
(x * 2).sum().backward()
grad = x.grad
(x * 3).sum().backward()
x.grad.zero_()
(x * 4).sum().backward()
x.grad = torch.full((3,), 7.0)
(x * 5).sum().backward()
held = x.grad
x.grad = None
(x[:2] * 6).sum().backward()
held += 1
other = torch.ones(3, requires_grad=True)
other.grad = x.grad
other.grad.mul_(2)
x.requires_grad_(False)
y = x * 2
x.requires_grad_(True)
double = x.double().sum()
double.backward()
scalar = torch.tensor(1.0, requires_grad=True)
scalar.backward()
view = x.view(3)
view.sum().backward()
print(grad, held, x.grad, other.grad, y.requires_grad, scalar.grad)
