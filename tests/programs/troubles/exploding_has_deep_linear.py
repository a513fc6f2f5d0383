# exploding
import torch

torch.manual_seed(0)
net = torch.nn.Sequential(*[torch.nn.Linear(16, 16, bias=False) for _ in range(15)])
with torch.no_grad():
    for layer in net:
        layer.weight.mul_(20)
net(torch.randn(2, 16)).sum().backward()
