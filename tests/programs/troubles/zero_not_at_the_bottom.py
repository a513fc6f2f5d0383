import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
target = torch.tensor([1.0, 2.0])
loss = (w - target).pow(2).sum()
loss.backward()
print(w.grad)
