import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 2)
weight = net.weight
rows = weight.detach()
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
for turn in range(3):
    loss = net(torch.ones(4, 3)).sum()
    loss.backward()
    gradient = net.weight.grad
    optimizer.step()
    gradient.mul_(2)
optimizer.zero_grad(set_to_none=False)
with torch.no_grad():
    net.weight[0] = 5.0
