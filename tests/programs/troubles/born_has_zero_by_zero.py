# born: ratio
import torch

hits = torch.tensor([3.0, 0.0])
tries = torch.tensor([4.0, 0.0], requires_grad=True)
ratio = hits / tries
loss = ratio.sum()
loss.backward()
