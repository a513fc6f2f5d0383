"""A function of torch replaced by a decorator, while a function runs."""
import torch
from unittest import mock

x = torch.ones(2)


@mock.patch("torch.neg", lambda a: a.fill_(9))
def patched(a):
    b = torch.neg(a)
    return b


z = torch.neg(x)
z = patched(x)
z = torch.neg(x)
