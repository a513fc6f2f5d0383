"""Calls, stores and loops that write into tensors, beside others that look the same and do not."""

from collections import OrderedDict, namedtuple

import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
x = torch.ones(2)
rows, held = [x, torch.zeros(2)], OrderedDict(a=torch.ones(1))
Pair = namedtuple("Pair", "one other")


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.ReLU(inplace=True))
        self.register_buffer("seen", torch.zeros(1))
        self.calls = 0

    def forward(self, given):
        self.calls += 1
        self.seen += 1
        made = self.inner(given)
        return made.sum(0)


class Own:
    def __init__(self, given):
        given.mul_(2)
        self.kept = given

    @property
    def odd(self):
        return self.kept

    @odd.setter
    def odd(self, value):
        self.kept.add_(value)

    def __setitem__(self, place, value):
        self.kept[place] = value

    def twice(self):
        self.kept = self.kept * 2
        return self.kept


class Strict:
    def __setattr__(self, name, value):
        x.add_(value)


net = Counter()
batch = torch.randn(4, 2)
out = net(batch)
again = net(batch) + net(batch)
net.eval()
with torch.no_grad():
    calm = net(batch)
    calm = net.inner(batch)
handle = net.register_forward_hook(lambda module, given, made: module.seen.add_(10) and None)
hooked = net(batch)
handle.remove()
net.seen = torch.full((1,), 5.0)
net.calls += 1

own, strict = Own(x), Strict()
own.odd = 1
own.odd += 1
own[0] = 7
own.other = torch.ones(1)
own.other += 1
own.count = 1
own.count += 1
strict.any = 1
y = own.twice()
pair = Pair(*rows)
pair = Pair(x.add_(1), y)


def reads(given):
    kept = given + 1
    return kept


def writes(given):
    given.add_(1)
    return given


z = reads(x.mul_(2))
z = reads(writes(x)) + reads(x)
z = writes(x)
ordered = sorted(rows, key=lambda row: float(row.add_(1).sum()))
largest = max(rows, key=lambda row: float(row.sum()))

for row in rows:
    row.add_(1)
for name, one in held.items():
    held[name] = one + 1
for place, row in enumerate(rows):
    rows[place] = row * 2
for row, other in zip(rows, rows[::-1]):
    row[0] = other[1]
for row in (writes(one) for one in rows):
    z = row + 1
for row in batch:
    row.zero_()
for one in torch.utils.data.DataLoader([x, x], batch_size=None):
    one.add_(1)

numbers = np.arange(3.0)
shared = torch.from_numpy(numbers)
np.random.seed(0)
np.random.shuffle(numbers)
np.mean(np.ones((2, 3)), 0, None, numbers)
numbers[1] = -1
mean = np.mean(numbers)
loss = nn.MSELoss()(shared, torch.zeros(3, dtype=torch.float64))
made = nn.ReLU(True)(x.sub_(20))
with torch.set_grad_enabled(bool(writes(x).sum() > 0)):
    z = x + 1
net = net.to(torch.float64)
net = reads(x)
