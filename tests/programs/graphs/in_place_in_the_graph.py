"""In-place operations rewrite history; views of a base that changes are rebased."""
import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 1
v = y[1:]
y.mul_(2)
v.add_(1)
y[0] = 10
w = y.view(3, 1)
w.relu_()
z = torch.zeros(3)
z[1:] = v
u = z.clone()
z.detach_()
out = y.sum() + u.sum()
out.backward()
leaf = torch.ones(2, requires_grad=True)
with torch.no_grad():
    leaf.sub_(0.5)
t = torch.zeros(2)
t.copy_(leaf)
t.mul_(leaf)
t.sum().backward()
print(x.grad, y, v, z, u, leaf.grad)
