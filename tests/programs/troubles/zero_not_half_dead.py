import torch

x = torch.tensor([1.0, 2.0, 3.0])
w = torch.tensor([-1.0, 2.0, -0.5], requires_grad=True)
loss = torch.relu(x * w).sum()
loss.backward()
