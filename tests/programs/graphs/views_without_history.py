"""One of several views of a base that is written to: torch refuses to tell its grad_fn."""
import torch

x = torch.arange(4.0, requires_grad=True)
y = x * 2
first, second = y.unbind(0)[:2]
left, right = y.chunk(2)
y.zero_()
try:
    first.grad_fn
except RuntimeError as error:
    print(str(error)[:40])
first_again = y[0]
second_copy = torch.zeros(2)
y.add_(1)
y.sum().backward()
print(x.grad)
