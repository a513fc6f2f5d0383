"""A lambda's body belongs to the statement that calls it, writes included."""
import torch

x = torch.arange(3.0)
double = lambda t: t * 2
write = lambda t: t.add_(1)
y = double(x)
write(x)
z = (lambda t: t.mul_(3).sum())(y)
ordered = sorted([torch.tensor(3.0), torch.tensor(1.0)], key=lambda t: t.item())
mapped = list(map(lambda t: t + 1, ordered))


def make(n):
    return lambda t: t + n


adders = [make(i) for i in range(3)]
sums = [add(x) for add in adders]
print(x, y, z, ordered, mapped, sums)
