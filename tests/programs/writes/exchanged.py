"""Tensors that change places, memory, shape or kind: swaps, data, set_, module conversions, resizes."""

import copy
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
a, b = torch.ones(2), torch.zeros(3)
view = a[:1]
pair = [a, b]
del view
torch.utils.swap_tensors(a, b)
a += 5
net = nn.Linear(2, 2)
with torch.no_grad():
    net.weight.fill_(1), net.bias.fill_(2)
w = net.weight
net.double()
w2 = net.weight
net.half()
net.float()
torch.__future__.set_swap_module_params_on_conversion(True)
net.double()
torch.__future__.set_swap_module_params_on_conversion(False)
net.to_empty(device="meta")
other = nn.Linear(2, 2)
other.weight.data = torch.zeros(2, 2)
old = other.weight
other.weight = nn.Parameter(torch.ones(2, 2))
other.weight.data[0] = 3
other.load_state_dict({"weight": torch.full((2, 2), 7.0), "bias": torch.zeros(2)}, assign=True)
other.load_state_dict({"weight": torch.full((2, 2), 8.0), "bias": torch.ones(2)})
deep = copy.deepcopy(other)
deep.weight.data.mul_(2)
nn.utils.parameters_to_vector(other.parameters())
nn.utils.vector_to_parameters(torch.arange(6.0), other.parameters())
tied = nn.Linear(2, 2)
tied.weight = other.weight
other.weight.data.sub_(1)
normed = nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))
with torch.no_grad():
    normed.parametrizations.weight.original1.fill_(1)
    normed.parametrizations.weight.original0.fill_(2)
    normed.bias.zero_()
out = normed(torch.ones(1, 2))
nn.utils.parametrize.remove_parametrizations(normed, "weight")
t = torch.arange(4.0)
u = torch.empty(0)
u.set_(t)
u[0] = 9
u.set_(t.untyped_storage(), 1, (2,), (2,))
u.fill_(-1)
u.set_(torch.zeros(5))
t.resize_(2, 3).zero_()
t.resize_as_(torch.empty(2))
t.untyped_storage().resize_(100)
t.untyped_storage().resize_(8)
g = torch.empty(0)
torch.add(torch.ones(3), 1, out=g)
torch.cat([g, g], out=g.new_empty(0))
torch.stack([torch.ones(2)] * 2, out=(h := torch.empty(0)))
torch.arange(3, out=h)
p = nn.Parameter(torch.ones(2))
p.data.add_(1)
p.data = p.data[:1]
p.grad = torch.zeros(1)
p.grad.data.add_(3)
p.grad = None
buf = nn.BatchNorm1d(2)
buf(torch.tensor([[1.0, 2.0], [3.0, 5.0]]))
buf.reset_running_stats()
buf.momentum = None
buf(torch.tensor([[1.0, 2.0], [3.0, 5.0]]))
buf.eval()(torch.ones(1, 2))
print(a, b, pair, other.weight, tied.weight, deep.weight, t, u, p, out, buf.running_var)
