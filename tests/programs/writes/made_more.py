"""Augmented assignments and stores of items, with views and other names for what they write into."""

from collections import Counter

import numpy as np
import torch
from torch import nn

x = torch.arange(6.0)
y = x
view, square = x[1:3], x.view(2, 3)
x += 1
x *= torch.full((6,), 2.0)
square[0] = -1
square[0, 1] += 5
square[:, 2] -= 1
x[x > 3] = 0
x[torch.tensor([0, 1])] += 2
view[0] += view[1]
w = torch.ones(3, requires_grad=True)
alias = w.detach()
(w * w).sum().backward()
grad = w.grad
with torch.no_grad():
    w -= 0.1 * w.grad
    w.grad *= 0
    w.data += 1
    w.data[0] = 7
net = nn.Linear(2, 2)
weight, flat = net.weight, net.weight.detach().view(-1)
with torch.no_grad():
    net.weight -= 0.5
    net.weight[0] = 3
    net.weight.data *= 2
    net.bias.data[0] += 1
rows, held = [torch.zeros(2), torch.zeros(2)], {"a": torch.zeros(2), 1: torch.zeros(2)}
first, a = rows[0].view(2, 1), held["a"][:1]
i, key = 0, "a"
rows[i] += 1
rows[-1] -= 1
rows[i].add_(2).mul_(3)
held[key] += 4
held["a"].fill_(5)
held[1].sub_(1)
counts, numbers = Counter(), [1, 2, 3]
counts["x"] += 1
numbers[0] += 1
numbers += [4]
rows += [torch.ones(1)]
total = 0
for row in rows:
    total += row.sum()
for place in range(2):
    rows[place].add_(place)
    rows[place][0] = place
array = np.zeros(3)
shared = torch.from_numpy(array)
array += 1
array[0] = 5
shared[1] = 7
shared += 1


class Mean:
    def __init__(self):
        self.total, self.seen, self.parts = torch.zeros(2), 0, {"a": torch.zeros(2)}
        self.other = self.total[:1]

    def take(self, value, name="a"):
        self.total += value
        self.seen += 1
        self.parts[name].mul_(0.5).add_(value)
        self.parts[name] += 1
        self.__hidden = [value.clone()]
        self.__hidden[0] += 1
        return self.total / self.seen


mean = Mean()
out = mean.take(torch.ones(2))
out = mean.take(torch.full((2,), 3.0))


class Loud:
    def __init__(self):
        self.held = torch.zeros(2)

    def __setitem__(self, key, value):
        x.add_(100)

    def __getitem__(self, key):
        x.add_(10)
        return self.held

    def __iadd__(self, other):
        x.sub_(3)
        return self


loud = Loud()
loud[0] = 1
loud[0] += 1
loud[0].add_(1)
loud += 1
sums = [row.add_(1) for row in rows]
last = [rows[place].add_(1) for place in range(2)]
h = w * 2
before = h[:2]
h += 1
h[0] = 5
before.sum().backward()
