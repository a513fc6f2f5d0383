"""Item 6: statistics over all numbers, over one dimension, and with the dimension kept."""

import torch

x = torch.tensor([[1.0, 5.0, 2.0, 2.0], [4.0, 4.0, 8.0, 0.0], [3.0, 9.0, 3.0, 1.0]])
mean = torch.mean(x)
mean_rows = x.mean(dim=1)
mean_kept = x.mean(dim=0, keepdim=True)
total = x.sum()
total_columns = x.sum(dim=0)
middle = x.median()
middle_rows = x.median(dim=1)
often = x.mode()
often_columns = torch.mode(x, dim=0, keepdim=True)
length = x.norm()
length_one = x.norm(1, dim=1)
gap = torch.dist(x[0], x[1])
gap_most = torch.dist(x[0], x[1], p=float("inf"))
spread = x.std()
spread_rows = x.std(dim=1, keepdim=True)
variance = x.var(dim=0, unbiased=False)
running = x.cumsum(dim=1)
growing = torch.cumprod(x, dim=0)
values = middle_rows.values
places = middle_rows.indices
print(mean.item(), total.item(), middle.item(), values.tolist(), places.tolist())
