# zero: ReluBackward0
import torch

x = torch.tensor([1.0, 2.0, 3.0])
w = torch.tensor([-1.0, -2.0, -0.5], requires_grad=True)
hidden = torch.relu(x * w)
loss = (hidden - 1).pow(2).sum()
loss.backward()
print(w.grad)
