import torch

torch.manual_seed(0)
x = torch.randn(4, 8, requires_grad=True)
layers = [torch.nn.Linear(8, 8) for _ in range(20)]
y = x
for layer in layers:
    y = y + torch.sigmoid(layer(y))
y.sum().backward()
