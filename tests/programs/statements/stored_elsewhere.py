"""Functions that store tensors into what the module holds, each in its own way; behind every call
stands a statement that does nothing itself."""
import torch
from torch import nn


class Thing:
    kept = None

    def __init__(self):
        self.h = None
        self.rows = [0, 1, 2]
        self.names = {}

    def sets(self, value):
        self.h = value

    def makes_more(self, value):
        self.h += value

    def unpacks(self, value):
        self.h, self.rows[0] = value, value * 2

    def stars(self, value):
        *self.rest, last = value, value + 1, 0

    def loops(self, value):
        for self.each in (value, value * 3):
            one = 1

    def annotates(self, value):
        self.h: object = value * 4

    def deletes(self):
        del self.each, self.rest

    def names_it(self, value):
        self.names["a"] = self.names["b"] = value

    def walrus(self, value):
        return [(found := value * 5), self.rows.__setitem__(1, found)] and 1

    def slices(self, value):
        self.rows[:] = [value, value]

    def of_class(self, value):
        Thing.kept = value
        type(self).kept = value * 2

    def with_name(self, value):
        setattr(self, "by_name", value)
        vars(self)["by_dict"] = value

    def swaps(self):
        self.h, self.by_name = self.by_name, self.h


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, x):
        self.seen = x * 2
        out = self.layer(x)
        return out

    def buffers_more(self, value):
        self.register_buffer("mean", value)

    def replaces(self, value):
        self.layer.weight = nn.Parameter(value)


def adds(to, value):
    to += [value]


def multiplies(to):
    to *= 2


def empties(of):
    del of[1:]


def inserts(into, value):
    into.insert(0, value)


def updates(given, value):
    given |= {"more": value}


def binds_global(value):
    global shared, alone
    shared, alone = [value], value


def unbinds_global():
    global shared
    del shared


def unbinds_alone():
    global alone
    del alone


def deeper(value):
    one = Thing.sets(thing, value)
    return 3


thing, net, x = Thing(), Net(), torch.ones(2)
items, given = [x], {}
k = thing.sets(x + 1)
k = thing.makes_more(x)
k = thing.unpacks(x + 2)
k = thing.stars(x)
k = thing.loops(x)
k = thing.annotates(x)
k = thing.deletes()
k = thing.names_it(x * 7)
k = thing.walrus(x)
k = thing.slices(x + 8)
k = thing.of_class(x)
k = thing.with_name(x * 9)
k = thing.swaps()
k = deeper(x * 10)
out = net(x)
out = net(x + 1).sum()
k = net.buffers_more(x)
k = net.replaces(torch.eye(2))
k = adds(items, x + 3)
k = multiplies(items)
k = empties(items)
k = inserts(items, x)
k = updates(given, x * 3)
k = binds_global(x * 4)
k = unbinds_global()
k = unbinds_alone()
