"""An array lives on in an object, a memoryview, a closure; an ndarray subclass; 0-d arrays."""
import numpy as np
import torch


class Keeper:
    def __init__(self, n):
        self.array = np.zeros(n, dtype=np.int64)
        self.tensor = torch.from_numpy(self.array)

    def write(self, place, value):
        self.array[place] = value


class Sub(np.ndarray):
    pass


keeper = Keeper(3)
keeper.write(0, 5)
keeper.write(1, 6)
sub = np.zeros(2).view(Sub)
s = torch.from_numpy(sub)
sub += 3
scalar = np.array(1.5)
zero = torch.from_numpy(scalar)
scalar[()] = 2.5
x = torch.zeros(3)
write_later = x.numpy().__setitem__
write_later(0, 1.0)
write_later(2, 2.0)
window = memoryview(x.numpy())
window[1] = 9.0
flat = x.numpy().flat
flat[0] = 4.0
record = np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])
field = torch.from_numpy(record["a"])
record["a"][1] = 7
print(keeper.tensor, s, zero, x, field)
