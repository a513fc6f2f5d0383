"""Metaclasses, descriptors, __prepare__, __init_subclass__, class cells, slots: bodies as ever."""
import torch


class Names(dict):
    def __setitem__(self, key, value):
        if not key.startswith("__"):
            print("set", key)
        super().__setitem__(key, value)

    def __getitem__(self, key):
        if not key.startswith("__") and key in self:
            print("get", key)
        return super().__getitem__(key)


class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases):
        return Names()

    def __new__(mcls, name, bases, space):
        print(name, sorted(key for key in space if not key.startswith("__")))
        return super().__new__(mcls, name, bases, dict(space))


class Made(metaclass=Meta):
    x = torch.ones(1)
    y = x + 1
    for i in range(2):
        y = y * 2

    def method(self):
        return __class__.__name__


class Base:
    def __init_subclass__(cls, **kwargs):
        print("subclass", cls.__name__, kwargs)

    def __set_name__(self, owner, name):
        print("named", name)


class Child(Base, flag=True):
    member = Base()
    __slots__ = ("a", "b")


child = Child()
child.a = torch.ones(1)
print(Made().method(), Made.y, hasattr(child, "b"), Child.__slots__, sorted(Made.__dict__))
print(type("Dynamic", (), {"t": torch.ones(1)}).t)
