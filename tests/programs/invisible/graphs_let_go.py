"""What backward frees and when, hooks that can be listed, versions, flags and shared memory."""
import gc
import weakref

import torch


def listed(tensor):
    return (
        None if tensor._backward_hooks is None else list(tensor._backward_hooks),
        tensor._post_accumulate_grad_hooks,
        tensor.is_leaf,
        tensor.requires_grad,
        tensor.retains_grad,
        tensor._version,
        None if tensor.grad is None else tensor.grad._version,
    )


class Held:
    def __init__(self, tensor):
        self.tensor = tensor


class Keeps(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        big = torch.ones(1000)
        ctx.save_for_backward(x.exp())
        ctx.held = Held(big)
        Keeps.seen = [weakref.ref(big), weakref.ref(ctx.held)]
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


x = torch.ones(3, requires_grad=True)
middle = x.exp()
saved = weakref.ref(middle)
result = (middle * middle).sin()
del middle
print(saved() is not None, listed(x), listed(result))
result.sum().backward()
print(saved() is None, listed(x), listed(result))
node = result.grad_fn
try:
    node._saved_self
except RuntimeError as error:
    print(str(error)[:60])
for i in range(6):
    middle = x.exp()
    saved = weakref.ref(middle)
    result = (middle * middle).sum()
    del middle
    result.backward(retain_graph=i == 4)
    print(i, saved() is None, listed(x), x.grad)
result = None
print(saved() is None)
y = Keeps.apply(x)
print([ref() is not None for ref in Keeps.seen])
y.sum().backward()
print([ref() is not None for ref in Keeps.seen])
del y
gc.collect()
print([ref() is not None for ref in Keeps.seen])
order = []
a = torch.ones(2, requires_grad=True)
b = a * 2
c = b.exp()
during = weakref.ref(c)
d = c.exp()
d.register_hook(lambda grad: order.append(("d", during() is not None)))
b.register_hook(lambda grad: order.append(("b", during() is not None)))
del c
d.sum().backward()
print(order, listed(b), b.grad_fn.metadata, d.grad_fn.metadata)
handle = b.register_hook(lambda grad: None)
print(len(b._backward_hooks))
handle.remove()
print(len(b._backward_hooks))
e = a * 1
e.retain_grad()
(e * e).sum().backward()
print(listed(e), listed(a), e.grad)
first = a.grad
(a * 3).sum().backward()
print(first is a.grad, first._version, first)
a.grad = None
(a * 3).sum().backward()
print(a.grad._version, a.grad.untyped_storage().nbytes())
f = torch.ones(2, requires_grad=True)
(g,) = torch.autograd.grad((f * f).sum(), f, create_graph=True)
print(listed(g), g.grad_fn.name(), [fn.name() for fn, _ in g.grad_fn.next_functions if fn])
graph = weakref.ref(g)
g = None
gc.collect()
print(graph() is None)
