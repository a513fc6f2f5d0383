# born: y
import torch

x = torch.tensor([1.0, 0.0, 2.0])
y = torch.log(x)
z = y * 0
print(z.sum())
