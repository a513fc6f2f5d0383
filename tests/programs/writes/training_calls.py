"""Calls of a training loop, with views, data and gradients of what they write into held aside."""

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(inplace=False), nn.Linear(3, 2))
other = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2))
adam = torch.optim.Adam(net.parameters(), lr=0.1)
schedule = torch.optim.lr_scheduler.StepLR(adam, 1, 0.5)
plain = torch.optim.SGD(other.parameters(), lr=0.1, momentum=0.9)
slower = torch.optim.lr_scheduler.ExponentialLR(plain, 0.5)
weight = net[0].weight
flat = weight.detach().view(-1)
row = weight[1]
data = weight.data
mean = net[1].running_mean[:2]
counted = net[1].num_batches_tracked.view(1)
x = torch.randn(6, 4)
y = torch.tensor([0, 1, 0, 1, 1, 0])
for turn in range(2):
    adam.zero_grad()
    out = net(x)
    loss = nn.functional.cross_entropy(out, y)
    loss.backward()
    grad = weight.grad
    part = grad[0]
    norm = nn.utils.clip_grad_norm_(net.parameters(), 0.01)
    nn.utils.clip_grad_value_(net.parameters(), 0.001)
    adam.step()
    schedule.step()
    other.load_state_dict(net.state_dict())
    other(x).sum().backward()
    plain.step()
    slower.step()
    other.zero_grad()
    net.zero_grad(set_to_none=False)
net.eval()
still = net(x)
grads = [one.grad for one in net.parameters()]
first = adam.state[weight]["exp_avg"]
shown = first[0]
net(x).sum().backward()
adam.step()
bias = net[3].bias
half = bias.detach()[:1].clone()
with torch.no_grad():
    bias.add_(1.0)
    bias.mul_(2.0).sub_(half)
    bias.data.zero_()
    bias.grad.fill_(3.0)
    weight.data.copy_(torch.ones(3, 4)).add_(mean.sum())
plain.zero_grad(set_to_none=False)
lstm = nn.LSTM(2, 3)
held, state = lstm(torch.ones(4, 1, 2))
held, state = lstm(torch.ones(4, 1, 2), state)
lstm.weight_ih_l0 = nn.Parameter(torch.zeros(12, 2))
held, state = lstm(torch.ones(4, 1, 2), state)
loaded = {name: torch.ones_like(one) for name, one in net.state_dict().items()}
given = [loaded, True, True]
net.load_state_dict(*given)
net[0].weight.data.add_(1.0)
