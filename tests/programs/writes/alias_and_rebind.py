"""Names rebound, swapped, deleted; the same tensor under many names; ids that come back."""
import gc

import torch

a = torch.zeros(2)
b = a
c = [a, a, b]
a = a + 1
b += 5
c[0] = c[1] * 2
c[1].zero_()
a, b = b, a
del b
temporary = torch.ones(2)
for i in range(4):
    temporary = temporary * 2
    again = torch.full((2,), float(i))
del temporary
gc.collect()
fresh = torch.zeros(2)
fresh += 1
store = {"x": fresh}
fresh = None
store["x"].add_(1)
other = store.pop("x")
other.mul_(2)
x = y = torch.arange(2.0)
x = x.add_(1)
y = y.view(2)
same = x is y
z = torch.tensor([1.0]).add_(1).mul_(3)
print(a, c, again, other, x, y, same, z)
