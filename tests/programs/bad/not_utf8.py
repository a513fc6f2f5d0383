import torch
x = torch.ones(2)  # café
x += 1
