"""Graphs that nobody holds are freed: the recorder must not keep one alive."""
import gc
import weakref

import torch


class Marker:
    pass


class Marked(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, marker):
        ctx.marker = marker
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        return grad * 2, None


def build(x):
    marker = Marker()
    watch = weakref.ref(marker)
    y = Marked.apply(x, marker)
    return y, watch


x = torch.ones(2, requires_grad=True)
y, watch = build(x)
alive = watch() is not None
del y
gc.collect()
gone = watch() is None
y, watch = build(x)
y.sum().backward()
still = watch() is not None
y = None
gc.collect()
gone_too = watch() is None
tensor = torch.zeros(3)
seen = weakref.ref(tensor)
tensor = None
freed = seen() is None
print(alive, gone, still, gone_too, freed)
