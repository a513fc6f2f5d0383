# zero: MulBackward0
import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
mask = torch.zeros(3)
loss = (w.exp() * mask).sum()
loss.backward()
