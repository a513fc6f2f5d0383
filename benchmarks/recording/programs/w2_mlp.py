"""W2: a network 64-128-10 trained with SGD, 500 iterations of six statements."""

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
loss_of = nn.CrossEntropyLoss()
data = torch.randn(32, 64)
labels = torch.randint(0, 10, (32,))
for step in range(500):
    optimizer.zero_grad()
    out = net(data)
    loss = loss_of(out, labels)
    loss.backward()
    optimizer.step()
