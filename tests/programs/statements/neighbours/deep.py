"""A module inside a package."""
import torch

from . import size


def made():
    result = torch.ones(int(size))
    return result
