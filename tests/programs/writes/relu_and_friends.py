"""inplace=True of the functional operations, and modules that write into their input."""
import torch
import torch.nn.functional as F
from torch import nn

x = torch.tensor([-2.0, -0.5, 0.5, 2.0])
y = F.relu(x, inplace=True)
y += 1
z = F.leaky_relu(torch.tensor([-1.0, 1.0]), inplace=True)
a = torch.tensor([-1.0, 1.0])
F.elu(a, inplace=True)
F.hardtanh(a, -0.5, 0.5, inplace=True)
b = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
net = nn.Sequential(nn.ReLU(inplace=True), nn.Hardswish(inplace=True))
c = net(b)
F.normalize(b, dim=1, out=b)
torch.nn.functional.silu(b, inplace=True)
d = torch.tensor([3.0, 1.0, 2.0])
d.copy_(d.sort().values)
d.masked_fill_(d > 2, 0)
torch.nan_to_num_(d)
torch.clip_(d, 0, 1)
print(x is y, x, z, a, b, c is b, d)
