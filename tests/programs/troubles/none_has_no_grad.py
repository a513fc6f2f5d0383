# none: layer
import torch

torch.manual_seed(0)
layer = torch.nn.Linear(3, 2)
head = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD([*layer.parameters(), *head.parameters()], lr=0.1)
data = torch.randn(4, 3)
with torch.no_grad():
    features = layer(data)
loss = head(features).pow(2).mean()
loss.backward()
optimizer.step()
