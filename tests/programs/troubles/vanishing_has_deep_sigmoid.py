# vanishing
import torch

torch.manual_seed(0)
net = torch.nn.Sequential()
for _ in range(20):
    net.append(torch.nn.Linear(8, 8))
    net.append(torch.nn.Sigmoid())
data = torch.randn(4, 8)
loss = net(data).sum()
loss.backward()
