"""A parameter whose memory is exchanged again and again: new storages come to lie where old ones were."""

import torch
from torch import nn

p = nn.Parameter(torch.ones(4))
q = torch.zeros(3)
for i in range(30):
    p.data = p.data.double()
    p.data = p.data.float() + i
    q.set_(torch.full((3,), float(i)).untyped_storage())
    q.data = q.data * 2
net = nn.Linear(2, 2)
for i in range(20):
    net.double()
    net.half()
    net.float()
