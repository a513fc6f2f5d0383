"""A program that replaces what it likes: print, import, Tensor methods, hooks of the interpreter."""
import builtins
import sys

import torch

plain_print = print
builtins.print = lambda *args: plain_print("patched:", *args)
print(torch.ones(1))
builtins.print = plain_print
add = torch.Tensor.add_


def louder(self, *args):
    result = add(self, *args)
    plain_print("added")
    return result


torch.Tensor.add_ = louder
x = torch.zeros(2)
x.add_(1)
torch.Tensor.add_ = add
clone = torch.Tensor.clone
torch.Tensor.clone = lambda self: plain_print("cloned") or clone(self)
y = x.clone()
torch.Tensor.clone = clone
shape = torch.Tensor.__len__
torch.Tensor.__len__ = lambda self: plain_print("len") or shape(self)
n = len(x)
torch.Tensor.__len__ = shape
torch.Tensor.__bool__, kept = lambda self: plain_print("bool") or True, torch.Tensor.__bool__
if x:
    y = 2
torch.Tensor.__bool__ = kept
torch.Tensor.__eq__, kept = lambda self, other: plain_print("eq") or True, torch.Tensor.__eq__
same = x == y
torch.Tensor.__eq__ = kept


class Odd:
    def __getattribute__(self, name):
        plain_print("asked for", name)
        return object.__getattribute__(self, name)

    def __eq__(self, other):
        plain_print("compared")
        return True

    def __hash__(self):
        plain_print("hashed")
        return 1

    def __len__(self):
        plain_print("measured")
        return 2

    def __iter__(self):
        plain_print("iterated")
        return iter(())

    def __bool__(self):
        plain_print("weighed")
        return True


odd = Odd()
rows = [odd, torch.ones(1)]
rows[1].add_(1)
table = {odd: torch.ones(1)}
table[odd].mul_(2)


class Strict(dict):
    def __getitem__(self, key):
        plain_print("item", key)
        return super().__getitem__(key)

    def items(self):
        plain_print("items")
        return super().items()

    def __iter__(self):
        plain_print("iter")
        return super().__iter__()


strict = Strict(a=torch.ones(1))
strict["a"].add_(1)


class Stern(list):
    def __iter__(self):
        plain_print("iter list")
        return super().__iter__()

    def __len__(self):
        plain_print("len list")
        return super().__len__()


stern = Stern([torch.ones(1)])
stern[0].add_(1)


class Sub(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        plain_print("function", getattr(function, "__name__", function))
        return super().__torch_function__(function, types, args, kwargs or {})


sub = torch.ones(2).as_subclass(Sub)
sub += 1
z = sub * 2


class Lazy:
    @property
    def tensor(self):
        plain_print("computed")
        return torch.ones(1)

    def __getattr__(self, name):
        plain_print("missing", name)
        raise AttributeError(name)


lazy = Lazy()
got = lazy.tensor
del lazy
sys.displayhook(3)
print("end", x, n, same)
