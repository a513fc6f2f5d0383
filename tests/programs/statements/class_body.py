"""Statements in class bodies, nested classes, metaclasses, dataclasses, enums."""
import dataclasses
import enum

import torch


class Table:
    rows = torch.zeros(2, 2)
    rows[0] = 1
    for i in range(2):
        rows[i, 1] = i + 5.0
    total = rows.sum()

    class Inner:
        deep = torch.tensor(1.0)
        deep = deep + 1

    doubled = rows * 2
    if total > 3:
        flag = torch.tensor(True)


class Meta(type):
    def __new__(mcls, name, bases, space):
        made = super().__new__(mcls, name, bases, space)
        made.extra = torch.full((1,), len(name))
        return made


class Named(metaclass=Meta):
    own = torch.tensor([1])


@dataclasses.dataclass
class Point:
    place: torch.Tensor
    weights: list = dataclasses.field(default_factory=lambda: [torch.ones(1)])

    def __post_init__(self):
        self.norm = self.place.norm()


class Kind(enum.Enum):
    A = 1
    B = 2


p = Point(torch.tensor([3.0, 4.0]))
p.weights[0].add_(1)
q = dataclasses.replace(p, place=p.place * 2)
rows = Table.rows
extra = Named.extra
print(rows, Table.total, Table.Inner.deep, extra, p, q, Kind.A)
