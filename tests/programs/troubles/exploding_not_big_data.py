import torch

torch.manual_seed(0)
layer = torch.nn.Linear(4, 1)
loss = layer(torch.randn(8, 4) * 1e6).pow(2).mean()
loss.backward()
