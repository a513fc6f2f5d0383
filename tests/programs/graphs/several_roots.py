"""torch.autograd.backward over several roots, with and without gradients given."""
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([3.0, 4.0], requires_grad=True)
a = x * y
b = a.sum()
c = (x + y).exp()
torch.autograd.backward([b, c], [None, torch.ones(2)])
first = x.grad.clone()
d = (x * 2).sum()
e = (x * y).mean()
torch.autograd.backward((d, e), inputs=[x])
second = y.grad.clone()
f = x * 2
g = f * f
dx, df = torch.autograd.grad([g, f], [x, f], [torch.ones(2), torch.ones(2)])
print(first, x.grad, second, dx, df)
