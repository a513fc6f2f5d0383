"""nn.init, reset_parameters, load_state_dict, parameters moved and replaced."""
import torch
from torch import nn

torch.manual_seed(1)
w = torch.zeros(2, 3)
nn.init.uniform_(w)
nn.init.normal_(w, std=0.1)
nn.init.xavier_uniform_(w)
nn.init.kaiming_normal_(w)
nn.init.orthogonal_(w)
nn.init.eye_(w)
nn.init.constant_(w, 0.25)
nn.init.trunc_normal_(w)
layer = nn.Linear(3, 2)
weight = layer.weight
layer.reset_parameters()
other = nn.Linear(3, 2)
layer.load_state_dict(other.state_dict())
layer.load_state_dict({"weight": w, "bias": torch.zeros(2)}, assign=True)
old = weight.sum()
layer.double()
layer.half()
layer.float()
layer.requires_grad_(False)
layer.weight.copy_(w * 2)
nn.utils.vector_to_parameters(torch.arange(8.0), layer.parameters())
layer.register_buffer("seen", torch.zeros(1))
layer.seen += 1
layer.weight = nn.Parameter(torch.ones(2, 3))
layer.apply(lambda m: m.weight.data.fill_(3))
del layer.bias
print(w, weight.shape, old, layer.weight, layer.seen)
