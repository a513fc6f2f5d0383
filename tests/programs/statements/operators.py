"""Every kind of assignment and deletion, and statements with nothing to show."""
import torch

a = b = torch.zeros(3)
c, d = torch.ones(2), torch.full((2,), 2.0)
c, d = d, c
(e, f), *g = [torch.tensor([1, 2]), torch.tensor(3), torch.tensor(4)]
a[0] = 5
a[1:] += 2
h: torch.Tensor = a * 2
i: torch.Tensor
x = y = z = None
x = [torch.zeros(1)]
x[0] += 1
x += [torch.ones(1)]
x[1] = x[0]
w = {"k": torch.ones(2)}
w["k"] *= 3
w["new"] = w["k"]
del w["k"]
a @= torch.eye(3)
a //= 2
a **= 2
a %= 3
m = torch.tensor([5, 3])
m <<= 1
m >>= 1
m |= 8
m &= 12
m ^= 1
n = -a
n = ~torch.tensor([True, False])
o = a if a.sum() > 0 else b
p = (q := torch.ones(1)) + 1
assert q is not None
pass
...
"a string that stands alone"
a, b = b, a
del x, y
global_name = torch.zeros(1)
import math
print(a, b, c, d, e, f, g, h, m, n, o, p, w, z)
