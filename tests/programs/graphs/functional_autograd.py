"""jacobian, hessian, vjp and hvp, which call autograd from inside torch; batched gradients."""
import torch
from torch.autograd import functional

x = torch.tensor([1.0, 2.0, 3.0])


def cube(t):
    return t.pow(3)


def norm(t):
    return (t * t).sum()


jacobian = functional.jacobian(cube, x)
hessian = functional.hessian(norm, x)
value, product = functional.vjp(cube, x, torch.ones(3))
value, twice = functional.hvp(norm, x, torch.ones(3))
leaf = torch.ones(3, requires_grad=True)
y = leaf * torch.arange(3.0)
(batched,) = torch.autograd.grad(y, leaf, torch.eye(3), is_grads_batched=True)
z = (leaf * 2).sum()
z.backward()
print(jacobian, hessian, product, twice, batched, leaf.grad)
