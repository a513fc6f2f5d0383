"""Writes into the storage itself: fill_, items, copies, bytes, and a storage shared by hand."""
import warnings

import torch

warnings.simplefilter("ignore")
x = torch.arange(4.0)
y = x[1:]
raw = x.untyped_storage()
raw.fill_(0)
raw[3] = 64
typed = x.storage()
typed[1] = 2.5
typed.fill_(7)
typed[0:2] = 3.0
other = torch.arange(4.0, 8.0)
raw.copy_(other.untyped_storage())
z = torch.zeros(0).set_(raw)
raw[7] = 65
made = torch.UntypedStorage(8)
made.fill_(1)
t = torch.zeros(0, dtype=torch.int32).set_(made)
made[4] = 9
w = torch.tensor(made, dtype=torch.uint8)
made.fill_(2)
print(x, y, z, t, w)
