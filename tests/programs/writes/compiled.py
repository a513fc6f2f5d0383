"""A compiled function (without a code generator) writes into its argument."""
import torch


def step(x, y):
    x.add_(1)
    z = x * y
    y.copy_(z)
    return z.sum()


fast = torch.compile(step, backend="eager")
x = torch.zeros(2)
y = torch.ones(2)
a = fast(x, y)
b = fast(x, y)
model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
with torch.no_grad():
    for p in model.parameters():
        p.fill_(0.5)
quick = torch.compile(model, backend="aot_eager")
c = quick(x)
c.sum().backward()
print(x, y, a, b, c, model[0].weight.grad)
