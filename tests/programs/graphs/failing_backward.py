"""Backward passes that raise half way: in a hook, in a function, by a wrong shape, by freed data."""
import torch


class Fails(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        raise ValueError("not today")


x = torch.ones(2, requires_grad=True)
y = Fails.apply(x * 3) * 4
try:
    y.sum().backward()
except ValueError as error:
    first = x.grad
z = x * 5
z.register_hook(lambda grad: 1 / 0)
w = (z * 6).sum()
try:
    w.backward()
except ZeroDivisionError as error:
    second = x.grad
a = x.exp()
b = a * 2
a.add_(1)
try:
    b.sum().backward()
    a.sum().backward()
except RuntimeError as error:
    print(str(error)[:50])
try:
    (x * 2).backward(torch.ones(3))
except RuntimeError as error:
    print(str(error)[:30])
(x * 7).sum().backward()
print(first, second, x.grad)
