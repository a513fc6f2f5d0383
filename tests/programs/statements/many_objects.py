"""Many objects of the program's own without tensors, some of which come to hold one."""

from collections import defaultdict
from dataclasses import dataclass, field

import torch


@dataclass
class Sample:
    text: str
    label: int
    tags: list = field(default_factory=list)


class Slotted:
    __slots__ = ("kids", "value")

    def __init__(self, value):
        self.value, self.kids = value, []


samples = [Sample(f"sample {i}", i % 3, [i]) for i in range(66)]
rows = [{"id": i, "more": {"deep": [i, str(i)]}} for i in range(66)]
by_name = {f"n{i}": Sample("x", i) for i in range(66)}


class Loader:
    def __init__(self, rows):
        self.rows, self.place = rows, 0

    def batch(self):
        part = self.rows[self.place : self.place + 2]
        self.place += 2
        return torch.tensor([float(one.label) for one in part])


loader = Loader(samples)
for step in range(2):
    x = loader.batch()
samples[40].tags.append(torch.ones(1))
held = samples[40].tags[1]
held.add_(1)
rows[7]["more"]["deep"][0] = held
by_name["n3"].extra = torch.zeros(2)
by_name["n3"].extra += 1
samples[40].tags.pop()
rows[7]["more"]["deep"].clear()
y = loader.batch()
del by_name["n3"].extra

root = Slotted(0)
root.kids.extend(Slotted(i) for i in range(66))
root.kids[5].kids.append(Slotted(None))
root.kids[5].kids[0].value = torch.full((1,), 3.0)
z = root.kids[5].kids[0].value
z.mul_(2)
root.kids[5].kids.clear()
groups = [defaultdict(list) for _ in range(66)]
groups[2]["a"].append(torch.ones(1))
w = groups[2]["a"][0]
groups[2].clear()
cycle = [Sample("c", i) for i in range(66)]
cycle[0].tags = cycle[9].tags = cycle
cycle[1].label = x
cycle[1].label = 0
print(x, y, z, w)
