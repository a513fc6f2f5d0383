import torch

torch.manual_seed(0)
x = torch.randn(4, 6, requires_grad=True)
layers = [torch.nn.Linear(6, 6) for _ in range(10)]
y = x
for layer in layers:
    torch.nn.init.orthogonal_(layer.weight)
    y = layer(y)
(y.sum() * 1e9).backward()
