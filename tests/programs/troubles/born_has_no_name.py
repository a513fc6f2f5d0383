# born: SqrtBackward0
import torch


def distance(a, b):
    return torch.sqrt(((a - b) ** 2).sum(1) - 1.0).mean()


w = torch.tensor([[0.5, 0.2], [2.0, 1.0]], requires_grad=True)
loss = distance(w, torch.zeros(2, 2))
