"""Item 7: where NaN and Inf are born, and how they spread."""

import torch

x = torch.tensor([-4.0, 0.0, 4.0])
root = torch.sqrt(x)
inverse = 1 / x
both = root * inverse
huge = torch.exp(x * 50)
outside = torch.asin(x)
zero_by_zero = torch.div(torch.zeros(2), torch.tensor([0.0, 1.0]))
remainder = torch.fmod(x, 0.0)
spread = both.sum()
healed = torch.nan_to_num(both, nan=0.0, posinf=1.0, neginf=-1.0)
rare = torch.isnan(both)
x[0] = float("nan")
x[1] = float("-inf")
print(rare.tolist(), healed.tolist())
