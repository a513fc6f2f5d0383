"""Names that go away: deleted, overwritten, emptied containers, cleared globals."""
import gc

import torch

x = torch.ones(2)
y = x
del x
y += 1
rows = [torch.ones(1), torch.zeros(1)]
del rows[0]
rows.clear()
table = {"a": torch.ones(1)}
del table["a"]


class Thing:
    def __init__(self):
        self.t = torch.ones(1)


thing = Thing()
del thing.t
del thing, table


def f():
    local = torch.ones(1)
    del local
    try:
        local
    except UnboundLocalError:
        return 1


f()
gc.collect()
for name in [name for name in globals() if not name.startswith("_")]:
    del globals()[name]
import torch

z = torch.ones(1)
