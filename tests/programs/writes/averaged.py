"""Averaged models, schedulers, gradient scaling, clipping, spectral norm, inner state of layers."""

import copy
import warnings

import torch
from torch import nn
from torch.optim.swa_utils import SWALR, AveragedModel, get_ema_multi_avg_fn, update_bn

warnings.simplefilter("ignore")
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.ReLU(), nn.Linear(2, 1))
average = AveragedModel(net)
ema = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.9))
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 4)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
data = torch.randn(6, 2)
for epoch in range(2):
    for batch in data.split(3):
        loss = net(batch).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        total = nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
    average.update_parameters(net)
    ema.update_parameters(net)
    scheduler.step()
    plateau.step(loss.item())
update_bn([(data,)], average)
swa = SWALR(optimizer, swa_lr=0.05)
swa.step()
saved = copy.deepcopy(optimizer.state_dict())
optimizer.load_state_dict(saved)
optimizer.add_param_group({"params": [nn.Parameter(torch.ones(1))], "lr": 1.0})
optimizer.param_groups[1]["params"][0].grad = torch.ones(1)
optimizer.step()
optimizer.state.clear()
lbfgs = torch.optim.LBFGS([w := nn.Parameter(torch.tensor([1.0, 2.0]))], max_iter=3)


def closure():
    lbfgs.zero_grad()
    out = (w - 3).pow(2).sum()
    out.backward()
    return out


lbfgs.step(closure)
tensor_lr = torch.tensor(0.5)
sgd = torch.optim.SGD([v := nn.Parameter(torch.ones(2))], lr=tensor_lr, momentum=0.1)
v.grad = torch.ones(2)
sgd.step()
tensor_lr.mul_(0.1)
sgd.step()
spectral = nn.utils.spectral_norm(nn.Linear(2, 2))
spectral(torch.ones(1, 2))
spectral(torch.ones(1, 2))
spectral.weight_u
rnn = nn.GRU(2, 2)
state = torch.zeros(1, 1, 2)
for step in range(2):
    out, state = rnn(torch.ones(1, 1, 2), state)
cell = nn.LSTMCell(2, 2)
h, c = cell(torch.ones(1, 2))
att = nn.MultiheadAttention(2, 1)
mixed, weights = att(torch.ones(2, 1, 2), torch.ones(2, 1, 2), torch.ones(2, 1, 2))
mod = nn.ModuleDict({"a": nn.Linear(1, 1), "list": nn.ParameterList([torch.ones(1)])})
mod["list"].append(torch.zeros(2))
mod["list"][0].data += 4
print(w, v, tensor_lr, total, state.shape, mod["list"][0])
