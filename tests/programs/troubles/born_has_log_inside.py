# born: LogBackward0
import torch

p = torch.tensor([0.5, -0.1, 0.3], requires_grad=True)
total = torch.log(p).mean() * 2
