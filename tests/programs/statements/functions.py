"""Arguments of every kind, defaults, results, early returns, no return."""
import torch


def scaled(x, factor=torch.tensor(2.0)):
    result = x * factor
    return result


def collected(first, /, second, *rest, only, **named):
    total = first + second
    for value in rest:
        total = total + value
    total += only
    for key in sorted(named):
        total = total - named[key]
    return total


def early(x):
    if x.sum() > 3:
        return x
    x = x + 1
    return x


def nothing(x):
    x.add_(1)


a = torch.ones(2)
b = scaled(a)
c = scaled(a, factor=torch.tensor([3.0, 4.0]))
d = collected(a, b, c, a, only=b, extra=a, more=c)
e = early(d)
f = early(a)
g = nothing(a)
print(a, b, c, d, e, f, g)
