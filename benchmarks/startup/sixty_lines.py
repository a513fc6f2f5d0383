"""Sixty lines of everyday PyTorch, for the time from Run to filled panes."""

import torch
from torch import nn

torch.manual_seed(0)

x = torch.arange(12.0).reshape(3, 4)
y = x.t()
row = x[1]
block = x[:2, 1:3]
total = x.sum(dim=0)
mean = x.mean(dim=1, keepdim=True)
centred = x - mean
spread = centred.std()
scaled = centred / spread
product = scaled @ scaled.t()
positive = product.clamp(min=0)
largest, where = positive.max(dim=1)
order = torch.argsort(largest)
picked = x[order]
mask = x > 5
chosen = x[mask]
block += 1
copied = y.contiguous()
flat = copied.flatten()
stacked = torch.stack([row, row * 2])
joined = torch.cat([x, stacked])

weight = torch.randn(4, 2, requires_grad=True)
bias = torch.zeros(2, requires_grad=True)
hidden = torch.tanh(joined @ weight + bias)
score = hidden.pow(2).sum(dim=1)
loss = score.mean()
loss.backward()
slope = weight.grad.norm()
with torch.no_grad():
    weight -= 0.1 * weight.grad
    bias -= 0.1 * bias.grad
weight.grad = None
bias.grad = None

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
targets = joined.sum(dim=1, keepdim=True)
out = model(joined)
error = out - targets
cost = error.square().mean()
optimizer.zero_grad()
cost.backward()
optimizer.step()
again = model(joined)
after = (again - targets).square().mean()
better = after < cost
gradients = [parameter.grad for parameter in model.parameters()]
norms = torch.stack([gradient.norm() for gradient in gradients])
worst = norms.argmax()
smallest = norms.min()
report = {"before": cost.detach(), "after": after.detach()}
print("better:", bool(better), "of", len(gradients), "gradients")
