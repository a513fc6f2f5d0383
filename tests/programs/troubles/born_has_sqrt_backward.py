# born backward: SqrtBackward0
import torch

x = torch.tensor([4.0, 0.0], requires_grad=True)
y = x.sqrt()
y.sum().backward()
