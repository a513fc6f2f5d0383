"""Objects and tensors that raise whatever is asked of them."""
import torch


class Rude:
    def __repr__(self):
        raise ValueError("no repr")

    __str__ = __len__ = __eq__ = __hash__ = __bool__ = __iter__ = __repr__

    def __getattr__(self, name):
        raise RuntimeError("no attribute")


class RudeTensor(torch.Tensor):
    def __repr__(self, **named):
        raise ValueError("no repr")

    __str__ = __len__ = __bool__ = __iter__ = __format__ = __repr__


class RudeError(Exception):
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__


class RudeKey:
    def __repr__(self):
        raise ValueError("no repr")

    def __hash__(self):
        return 1


class RudeMeta(type):
    def __getattribute__(cls, name):
        if name in ("__name__", "__module__", "__mro__"):
            raise ValueError("no class attribute")
        return super().__getattribute__(name)


class RudeClass(metaclass=RudeMeta):
    def __init__(self):
        self.inside = torch.ones(1)


class RudeDict(dict):
    def items(self):
        raise ValueError("no items")

    __iter__ = keys = values = __len__ = items


rude = Rude()
tensor = torch.ones(2).as_subclass(RudeTensor)
tensor += 1
table = {RudeKey(): torch.ones(1)}
deep = [rude, {"k": (rude, tensor)}]
other = RudeClass()
items = RudeDict(a=torch.ones(1))
x = torch.ones(2)
try:
    raise RudeError
except RudeError:
    x += 1
raise RudeError
