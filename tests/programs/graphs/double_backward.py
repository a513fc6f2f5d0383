"""create_graph: the gradient has a graph of its own and is walked in turn."""
import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x**3).sum()
(first,) = torch.autograd.grad(y, x, create_graph=True)
(second,) = torch.autograd.grad(first.sum(), x, create_graph=True)
(third,) = torch.autograd.grad(second.sum(), x)
w = torch.tensor(2.0, requires_grad=True)
loss = w.sin() * w
loss.backward(create_graph=True)
slope = w.grad
w.grad = None
penalty = slope**2
penalty.backward()
h = torch.autograd.functional.hessian(lambda t: (t**3).sum(), torch.ones(2))
j = torch.autograd.functional.jacobian(lambda t: t * t.sum(), torch.ones(2))
print(first, second, third, slope, w.grad, h, j)
