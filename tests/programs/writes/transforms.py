"""torch.func, compile with eager backend, fx, jit in place, vmap results, functionalize, make_graphed."""

import torch
import torch.fx
from torch import nn

x = torch.arange(3.0)


def poly(t):
    u = t * t
    return (u + t).sum()


g = torch.func.grad(poly)(x)
v = torch.func.vmap(lambda t: t * 2)(x)
j = torch.func.jacfwd(lambda t: t.sin())(x)
val, vjp = torch.func.vjp(lambda t: t.exp(), x)
(back,) = vjp(torch.ones(3))
lin, f = torch.func.linearize(lambda t: t**2, x)
fwd = f(torch.ones(3))
x.add_(1)
h = torch.func.hessian(poly)(x)
net = nn.Linear(3, 1)
with torch.no_grad():
    net.weight.fill_(0.5), net.bias.fill_(0)
params = dict(net.named_parameters())
out = torch.func.functional_call(net, {k: p * 2 for k, p in params.items()}, (x,))
models = [nn.Linear(3, 1) for _ in range(2)]
with torch.no_grad():
    for one in models:
        one.weight.fill_(1), one.bias.fill_(0)
stacked, buffers = torch.func.stack_module_state(models)
stacked["weight"].data.mul_(3)
traced = torch.fx.symbolic_trace(net)
y = traced(x)
traced.weight.data.add_(1)


@torch.compile(backend="eager")
def compiled(t, state):
    state.add_(1)
    u = t * state
    return u


state = torch.zeros(3)
c = compiled(x, state)
c = compiled(c, state)


@torch.jit.script
def scripted(t: torch.Tensor):
    t[0] = 9.0
    t.mul_(2)
    return t.sum()


s = scripted(x)
(xx := x.clone().requires_grad_())
cube = (xx**3).sum()
(d1,) = torch.autograd.grad(cube, xx, create_graph=True)
(d2,) = torch.autograd.grad(d1.sum(), xx)
jac = torch.autograd.functional.jacobian(lambda t: t**2, x)
hvp = torch.autograd.functional.hvp(lambda t: (t**3).sum(), x, torch.ones(3))
q = torch.einsum("i,i->", x, x)
for p, m in zip(net.parameters(), models[0].parameters()):
    p.data, m.data = m.data, p.data
net.weight.data[0, 0] = 77
per = torch.func.vmap(torch.func.grad(poly))(torch.stack([x, x]))
w = torch.ones(2, requires_grad=True)
with torch.enable_grad(), torch.autograd.graph.save_on_cpu():
    loss = (w.exp() * w).sum()
loss.backward()
for _ in range(2):
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
    (w * w).sum().backward(retain_graph=True)
with torch.inference_mode():
    i = torch.ones(2)
    i.add_(1)
    k = i.view(2, 1)
    k[0] = 5
sp = torch.sparse_coo_tensor([[0, 1]], [1.0, 2.0], (3,))
sp2 = sp + sp
sp2 = sp2.coalesce()
sp2.values().mul_(3)
csr = torch.eye(2).to_sparse_csr()
csr.values()[0] = 8
print(g, v, j, back, fwd, h, out, y, c, state, s, d2, hvp, q, per, w, i, sp2, csr)
