# overwritten: w
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (w * x).sum()
with torch.no_grad():
    w.add_(1)
try:
    loss.backward()
except RuntimeError as error:
    print(error)
