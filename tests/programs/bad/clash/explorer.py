import torch

NAME = "the program's own explorer"


def made():
    t = torch.full((1,), 5.0)
    return t
