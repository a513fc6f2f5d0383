"""What autograd frees, and when: weak references to all that a graph saved."""

import gc
import weakref

import torch

gc.disable()


def alive(refs):
    return [r() is not None for r in refs]


x = torch.ones(3, requires_grad=True)
refs = []


def forward():
    h = x
    for i in range(3):
        h = (h * 2).sigmoid()
        refs.append(weakref.ref(h))
    return h.sum()


out = forward()
print(alive(refs))
out.backward()
print(alive(refs))
refs.clear()
out = forward()
out = None
print(alive(refs))
refs.clear()
out = forward()
g = torch.autograd.grad(out, x, create_graph=True)
print(alive(refs))
g = None
out = None
print(alive(refs))
gc.collect()
print(alive(refs))


class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        b = a.exp()
        ctx.save_for_backward(b)
        ctx.extra = torch.ones(2)
        refs.extend([weakref.ref(ctx.extra), weakref.ref(b), weakref.ref(ctx)])
        return b * 1

    @staticmethod
    def backward(ctx, grad):
        (b,) = ctx.saved_tensors
        refs.append(weakref.ref(grad))
        return grad * b


refs.clear()
y = F.apply(x)
print(alive(refs))
z = y.sum()
z.backward()
print(alive(refs))
y = z = None
print(alive(refs))
refs.clear()
from torch.utils.checkpoint import checkpoint


def block(a):
    b = a.sin()
    refs.append(weakref.ref(b))
    c = b.cos()
    refs.append(weakref.ref(c))
    return c * b


for reentrant in (True, False):
    refs.clear()
    r = checkpoint(block, x, use_reentrant=reentrant)
    print(reentrant, alive(refs))
    r.sum().backward()
    print(alive(refs))
    r = None
    print(alive(refs))
seen = []
x.grad = None
h = x * 2
k = h.exp()
ref_h = weakref.ref(h)
k.register_hook(lambda g: seen.append(ref_h() is not None))
h.register_hook(lambda g: seen.append(g.sum().item()))
h = None
k.sum().backward(inputs=[x])
print(seen, ref_h() is None)
k = None
print(ref_h() is None, x.grad)
a = torch.ones(2, requires_grad=True)
b = a * 2
b.retain_grad()
b.sum().backward()
print(b.grad)
del b
first = a.grad
(a * 2).sum().backward()
print(a.grad is first)
try:
    q = (a * a).sum()
    q.backward()
    q.backward()
except RuntimeError as e:
    print(str(e)[:50])
ins = torch.ones(2, requires_grad=True)
mid = ins.exp()
try:
    mid += 1
    mid.sum().backward()
except RuntimeError as e:
    print(e)
