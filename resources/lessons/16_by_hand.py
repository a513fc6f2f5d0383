"""Item 16. By hand against autograd: is the formula right?

The sigmoid s(x) = 1 / (1 + exp(-x)) has the derivative s(x) (1 - s(x)). Here it
is worked out on paper, by autograd, and by the oldest way of all: move x a
little to both sides and see how much the result moves. Three answers, one
truth, and a rounding error that is worth looking at: why is the numeric one
worst in float32?
"""

import torch


def sigmoid(t):
    return 1 / (1 + torch.exp(-t))


x = torch.linspace(-4, 4, 9, requires_grad=True)
y = sigmoid(x)
# the sum lets each cell count once
y.sum().backward()

with torch.no_grad():
    on_paper = sigmoid(x) * (1 - sigmoid(x))
    difference = (on_paper - x.grad).abs().max()
    step = 1e-3
    numeric = (sigmoid(x + step) - sigmoid(x - step)) / (2 * step)
    numeric_difference = (numeric - x.grad).abs().max()

print("paper against autograd:  ", difference.item())
print("numeric against autograd:", numeric_difference.item())

precise = x.detach().double().requires_grad_()
print("gradcheck in float64:", torch.autograd.gradcheck(sigmoid, (precise,)))
