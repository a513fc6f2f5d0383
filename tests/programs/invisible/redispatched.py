"""A call that is to pass over ``__torch_function__`` once passes over it where the program does."""

import torch
from torch.overrides import TorchFunctionMode, handle_torch_function, has_torch_function

redispatch = getattr(torch.overrides, "redispatch_function", None)


class Told(torch.Tensor):
    depth = 0

    @classmethod
    def __torch_function__(cls, function, types, args, kwargs=None):
        print(f"{'  ' * cls.depth}{function.__name__}")
        cls.depth += 1
        result = redispatch(function, types, args, kwargs)
        cls.depth -= 1
        return result


class Telling(TorchFunctionMode):
    depth = 0

    def __torch_function__(self, function, types, args, kwargs=None):
        print(f"{'  ' * self.depth}{function.__name__}")
        self.depth += 1
        with self:
            result = redispatch(function, types, args, kwargs)
        self.depth -= 1
        return result


def scaled(a, b):
    if has_torch_function((a, b)):
        return handle_torch_function(scaled, (a, b), a, b)
    return a * b + 1


def counted(a, b):
    many = 2
    held = [a, b]
    if has_torch_function(tuple(held)):
        return handle_torch_function(counted, (a, b), a, b)
    return a * b + many


if redispatch is not None:
    x, y = Told(torch.tensor([3.0])), Told(torch.tensor([4.0]))
    print(scaled(x, y))
    print(counted(x, y))
    a, b = torch.tensor([3.0]), torch.tensor([4.0])
    with Telling():
        result = scaled(a, b)
    print(result)
    with Telling():
        result = counted(a, b)
    print(result)
