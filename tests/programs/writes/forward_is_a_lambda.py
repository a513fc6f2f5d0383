"""Modules that run lambdas, of which no statement is recorded: of their class, of torch's classes,
and of inner modules."""
import torch
from torch import nn

torch.manual_seed(0)


class Fills(nn.Module):
    forward = lambda self, given: given.fill_(2)


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Identity(), Fills())

    def forward(self, given):
        return self.inner(given)


x = torch.ones(2)
linear, smooth, own = nn.Linear(2, 2), nn.Sigmoid(), Own()
z = smooth(linear(x))
z = Fills()(x)
x = torch.ones(2)
z = own.inner(x)
x = torch.ones(2)
z = own(x)
nn.Linear.forward = lambda self, given: given.fill_(3)
z = linear(x)
nn.Sigmoid.forward = lambda self, given: given.fill_(4)
z = smooth(x)
z = nn.Sigmoid()(x)
nn.Module.__call__ = lambda self, given: given.fill_(5)
z = smooth(x)
