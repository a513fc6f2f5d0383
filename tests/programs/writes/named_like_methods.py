"""Functions and methods that are called like harmless ones of tensors and lists, and that write."""

from collections import defaultdict, deque

import torch
from torch import nn
from torch.nn.utils import prune

# What is in a text that is executed is nobody's file: it is one step, and so is what it defines.
exec(
    """
class Buffer:
    def __init__(self):
        self.rows = torch.zeros(4)
        self.count = 0
    def append(self, value):
        self.rows[self.count] = value
        self.count += 1
    def add(self, value):
        self.rows.add_(value)
        return self
    def mean(self):
        self.rows.mul_(2)
        return 1.0
    sum = lambda self: self.rows.neg_() and 0
def insert(tensor, value):
    tensor.fill_(value)
"""
)


class Held:
    __slots__ = ("buffer", "rows")
    shared = 3

    def __init__(self, buffer):
        self.buffer = buffer
        self.rows = []


class Owner:
    names = None

    def __init__(self, buffer):
        self.buffer, self.names = buffer, {}

    @property
    def found(self):
        return self.buffer


torch.manual_seed(0)
layer = nn.Linear(3, 2)
prune.l1_unstructured(layer, name="weight", amount=0.5)
kept = layer.weight_orig
prune.remove(layer, "weight")
weight = layer.weight

buffer = Buffer()
rows = buffer.rows
buffer.append(1.0)
buffer.add(2.0)
mean = buffer.mean()
zero = 0 if buffer.mean() > 2 else 1

held, owner = Held(buffer), Owner(buffer)
held.buffer.append(5.0)
held.rows.append(rows)
owner.buffer.add(1.0)
owner.names["rows"] = rows
owner.found.add(1.0)
several, by_name = [buffer], {"b": buffer}
several[0].append(7.0)
by_name["b"].add(1.0)
for i in range(2):
    several[i - i].add(1.0)
    by_name["b" * 1].mean()
queue = deque([buffer])
queue[0].add(1.0)
grouped = defaultdict(list)
grouped["a"].append(rows)
grouped[1].append(rows)
total = rows.sum() + several[0].rows.sum()
import types

library = types.ModuleType("library")
library.insert = insert
library.insert(rows, 3.0)
print(weight.detach().abs().sum().item() > 0, rows.tolist(), mean, zero, len(grouped))
w = torch.ones(3, requires_grad=True)
(w * w).sum().backward()
owner.w = w
first = owner.w.grad.norm() + owner.w.grad[0].sum() + owner.w.grad[:2].mean()
