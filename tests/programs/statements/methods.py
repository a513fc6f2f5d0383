"""Methods, properties, class and static methods, inheritance, tensors as attributes."""
import torch


class Base:
    scale = torch.tensor(10.0)

    def __init__(self, start):
        self.value = start.clone()
        self.history = []

    def step(self, change):
        self.history.append(self.value.clone())
        self.value += change
        return self

    @property
    def doubled(self):
        result = self.value * 2
        return result

    @staticmethod
    def ones(n):
        made = torch.ones(n)
        return made

    @classmethod
    def scaled(cls, n):
        made = cls.ones(n) * cls.scale
        return cls(made)


class Child(Base):
    def step(self, change):
        change = change * 0.5
        super().step(change)
        return self

    def __getitem__(self, index):
        chosen = self.value[index]
        return chosen

    def __call__(self, x):
        self.value = self.value + x
        return self.value

    def __iadd__(self, other):
        self.value.add_(other)
        return self


thing = Child(torch.zeros(3))
thing.step(torch.tensor([1.0, 2.0, 3.0])).step(torch.ones(3))
twice = thing.doubled
other = Child.scaled(2)
cell = thing[1]
cell += 100
called = thing(torch.ones(3))
thing += 5
print(thing.value, thing.history, twice, other.value, cell, called)
