"""Tensor subclasses, parameters, buffers, quantized and meta tensors."""
import warnings

import torch

warnings.simplefilter("ignore")


class Named(torch.Tensor):
    pass


class Counting(torch.Tensor):
    calls = 0

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        cls.calls += 1
        return super().__torch_function__(function, types, args, kwargs or {})


n = torch.ones(2).as_subclass(Named)
n.add_(1)
m = n * 2
c = torch.zeros(2).as_subclass(Counting)
c += 1
d = c + 1
calls = Counting.calls
p = torch.nn.Parameter(torch.zeros(2))
b = torch.nn.Buffer(torch.ones(2))
meta = torch.zeros(2, 3, device="meta")
grown = meta.reshape(6) + 1
names = torch.zeros(2, 3).rename("N", "C") if False else torch.zeros(2, 3)
print(n, m, calls, Counting.calls, type(d), p, b, grown.shape)
