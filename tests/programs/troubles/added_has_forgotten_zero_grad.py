# added
import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
data, target = torch.randn(8, 3), torch.randn(8, 1)
for _ in range(3):
    loss = (net(data) - target).pow(2).mean()
    loss.backward()
    optimizer.step()
