import numpy as np
import torch

x = torch.arange(24.0)
m = x.view(4, 6)
t = m.t()
row = m[1]
step = x[::5]
wide = x[2].expand(3)
windows = x.unfold(0, 4, 2)
diagonal = m.diagonal()
detached = x.detach()
raw = x.data
bits = x.view(torch.int32)
same = x
apart = m.t().reshape(24)
array = x.numpy()
twin = torch.from_numpy(array)
rows = [m[0], m[3]]
x[0] = 100.0
m[1, 2] += 1
t[5] *= 2
row.zero_()
step.add_(1)
windows[3, 1] = -7.0
diagonal.fill_(9.0)
detached[-1] = 3.0
raw.mul_(1.0)
raw[4:6].sub_(2)
bits[7] = 0
same[8] = 8.5
array[9] = 55.0
array[20:] += 1
twin[10] = -1.0
rows[1][2] = 42.0
rows[0].copy_(rows[1])
torch.add(row, 1, out=row)
x.view(2, 12)[1].neg_()
np.copyto(array[3:5], 0.25)
apart[0] = 1.0
m.resize_(2, 3)
m.fill_(0.5)


def through(argument):
    inner = argument[2:4]
    inner.fill_(11.0)
    argument[0] = 12.0
    return inner


kept = through(x)
del row
kept[0] = 13.0
