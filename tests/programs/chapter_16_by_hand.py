"""Item 16: the sigmoid written out, its derivative by hand, and autograd's answer."""

import torch


def sigmoid(value):
    return 1.0 / (1.0 + torch.exp(-value))


x = torch.linspace(-4, 4, 9, dtype=torch.float64, requires_grad=True)
y = sigmoid(x)
by_torch = torch.sigmoid(x)
by_hand = (sigmoid(x) * (1 - sigmoid(x))).detach()
y.backward(torch.ones_like(y))
difference = (x.grad - by_hand).abs().max()
step = 1e-6
with torch.no_grad():
    numeric = (sigmoid(x + step) - sigmoid(x - step)) / (2 * step)
numeric_difference = (numeric - x.grad).abs().max()
checked = torch.autograd.gradcheck(sigmoid, (x,))
print(difference.item() < 1e-12, numeric_difference.item() < 1e-8, checked)
