"""Item 15: gradients add up, saved tensors are freed."""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x**2).sum()
y.backward(retain_graph=True)
once = x.grad.clone()
y.backward()
twice = x.grad.clone()
try:
    y.backward()
except RuntimeError as refusal:
    print(str(refusal).split(".")[0])
x.grad.zero_()
again = (x * 3).sum()
again.backward()
layer = torch.nn.Linear(2, 1, bias=False)
with torch.no_grad():
    layer.weight.fill_(0.5)
for step in range(3):
    loss = layer(x.detach()).pow(2).sum()
    loss.backward()
gathered = layer.weight.grad.clone()
layer.zero_grad()
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
layer(x.detach()).sum().backward()
optimizer.zero_grad(set_to_none=False)
print(once.tolist(), twice.tolist(), x.grad.tolist(), gathered.tolist(), layer.weight.grad.tolist())
