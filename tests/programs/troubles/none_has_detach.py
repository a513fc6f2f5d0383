# none: w
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
hidden = (w * 2).detach()
loss = (hidden * b).sum()
loss.backward()
print(b.grad)
