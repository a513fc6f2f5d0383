import torch

first = globals().get("first", torch.zeros(1))
shared = torch.zeros(2)
kept = {"a": torch.ones(1)}
