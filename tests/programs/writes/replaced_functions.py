"""Functions of torch, of its modules, of Tensor and of Python replaced by ones that write."""
import math
import torch
import torch.nn.functional as F
from torch import nn
from unittest import mock

torch.manual_seed(1)
x = torch.ones(2)
y = torch.zeros(2)


def used_before(a):
    b = torch.exp(a)
    return b


first = used_before(x)
plain_add, plain_relu, plain_mul, plain_exp = torch.add, F.relu, torch.Tensor.mul, torch.exp
torch.add = lambda a, b: a.add_(b)
z = torch.add(x, 1)
torch.add = plain_add
z = torch.add(x, 1)
F.relu = lambda a, inplace=False: a.fill_(7)
z = F.relu(x)
z = nn.ReLU()(y)
F.relu = plain_relu
torch.Tensor.mul = lambda a, b: a.mul_(b)
z = x.mul(3)
z = x.mul(1)
torch.Tensor.mul = plain_mul
torch.Tensor.__sub__ = lambda a, b: a.sub_(b)
z = x - y
nn.Linear.forward = lambda self, given: given.fill_(3)
linear = nn.Linear(2, 2)
z = linear(x)
with mock.patch("torch.mul", lambda a, b: a.fill_(b)):
    z = torch.mul(y, 5)
    z = torch.mul(y, 4)
vars(torch)["div"] = lambda a, b: a.fill_(b)
z = torch.div(y, 8)
math.sqrt = lambda a: y.fill_(a)
z = math.sqrt(6)
torch.exp = lambda a: a.zero_()
z = used_before(x)
