"""torch.func: grad, vmap, jvp, functional_call; inside them nothing is disturbed."""
import torch
from torch.func import functional_call, grad, jacrev, jvp, vmap


def loss(w, x):
    y = w * x
    z = y.sin()
    return z.sum()


w = torch.tensor([1.0, 2.0])
x = torch.tensor([[1.0, 0.5], [0.25, 2.0]])
first = grad(loss)(w, x[0])
each = vmap(grad(loss), in_dims=(None, 0))(w, x)
jac = jacrev(lambda t: t**2)(w)
value, tangent = jvp(lambda t: t.exp(), (w,), (torch.ones(2),))
net = torch.nn.Linear(2, 1)
out = functional_call(net, {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}, (x,))
second = grad(grad(lambda t: t**3))(torch.tensor(2.0))
print(first, each, jac, value, tangent, out, second)
