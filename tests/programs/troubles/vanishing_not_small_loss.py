import torch

torch.manual_seed(0)
net = torch.nn.Sequential(*[torch.nn.Linear(6, 6) for _ in range(10)])
for layer in net:
    torch.nn.init.orthogonal_(layer.weight)
loss = net(torch.randn(3, 6)).sum() * 1e-9
loss.backward()
