"""A write through any view is seen through all others, in both directions, views of views too."""
import torch

base = torch.arange(24.0)
cube = base.view(2, 3, 4)
layer = cube[1]
row = layer[2]
tail = row[1:]
cell = tail[0]
turned = layer.t()
flat = turned.t().view(-1)
every = base[::5]
diagonal = layer.diagonal()
parts = cube.unbind(0)
left, right = row.chunk(2)
strided = torch.as_strided(base, (3, 3), (1, 7), 2)
as_int = base.view(torch.int32)
wide = base[:4].view(2, 2).unsqueeze(2).expand(2, 2, 3)
cell.fill_(-1)
turned[0] = 100
every.zero_()
parts[0][1] += 0.5
diagonal.mul_(2)
left[0] = 7
right -= 1
strided.add_(1000)
as_int[3] = 1065353216
tail[tail > 50] = 0
flat[:3] = torch.tensor([1.0, 2.0, 3.0])
base[:] = base.flip(0)
del base
row += 1
copied = row.clone()
row.sub_(5)
print(cube, row, copied, wide[:, :, 0])
