import torch
x = torch.ones(2)
if True:
	x += 1
y = x * 2