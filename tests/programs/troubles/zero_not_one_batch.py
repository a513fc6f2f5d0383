import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for mask in (torch.zeros(2), torch.ones(2)):
    loss = (w.exp() * mask).sum()
    loss.backward()
    w.grad = None
