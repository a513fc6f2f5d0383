"""Tensors inside lists, tuples, dicts, dataclasses, objects, modules: found under their path."""
import collections
import dataclasses
import types

import torch


@dataclasses.dataclass
class Box:
    inside: torch.Tensor
    deeper: dict


class Slots:
    __slots__ = ("held",)


Pair = collections.namedtuple("Pair", "left right")
rows = [torch.zeros(1), [torch.ones(1), (torch.full((1,), 2.0),)]]
table = {"a": torch.zeros(2), 7: torch.ones(2), ("t", 1): torch.ones(1), "n": {"deep": rows[0]}}
box = Box(torch.ones(1), {"k": [torch.zeros(1)]})
space = types.SimpleNamespace(t=torch.ones(1), more=types.SimpleNamespace(u=torch.zeros(1)))
pair = Pair(torch.zeros(1), torch.ones(1))
ordered = collections.OrderedDict(z=torch.zeros(1))
default = collections.defaultdict(lambda: torch.ones(1))
made = default["new"]
net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Sequential(torch.nn.BatchNorm1d(2)))
with torch.no_grad():
    for parameter in net.parameters():
        parameter.fill_(0.5)
net.cache = torch.zeros(1)
ring = [torch.zeros(1)]
ring.append(ring)
rows[0] += 1
rows[1][0] = rows[1][0] + 1
rows[1][1][0].add_(5)
table["a"][1] = 9
table[7] = table["a"]
del table["a"]
box.inside = box.inside * 2
box.deeper["k"].append(torch.full((1,), 3.0))
space.more.u -= 1
net[0].bias.data[0] = 4.0
net.cache = net.cache + 1
ring[0] = ring[0] + 1
rows.pop()
rows.insert(0, torch.full((1,), 8.0))
print(len(rows), sorted(map(str, table)), box, space, pair, ordered, made, ring[0])
