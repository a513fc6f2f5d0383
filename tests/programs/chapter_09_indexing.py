"""Item 9: indices that look into the same storage, and indices that copy."""

import torch

c = torch.arange(20.0).reshape(4, 5)
row = c[0]
column = c[:, 0]
block = c[1:3, 2:4]
every_other = c[::2, 1::2]
cell = c[2, 3]
added = c[None, ..., 0]
big = c > 10
chosen = c[big]
by_numbers = c[torch.tensor([0, 2]), torch.tensor([1, 4])]
rows = c[[3, 0]]
gathered = c.gather(1, torch.tensor([[0, 4], [1, 1], [2, 0], [3, 3]]))
either = torch.where(big, c, -c)
places = torch.where(big)
taken = torch.take(c, torch.tensor([0, 19]))
picked = c.index_select(1, torch.tensor([4, 0]))
narrow = c.narrow(0, 1, 2)
row[1] = 100.0
block.zero_()
c[:, 4] = -1.0
c[big] = 0.5
c[torch.tensor([0, 1]), torch.tensor([0, 1])] = torch.tensor([7.0, 8.0])
chosen[0] = 1e6
c.scatter_(1, torch.tensor([[2], [2], [2], [2]]), 55.0)
c.index_fill_(0, torch.tensor([3]), 9.0)
c.masked_fill_(c < 0, 0.0)
print(row.storage_offset(), column.stride(), block.storage_offset(), c.sum().item())
print(cell.item(), chosen.data_ptr() == c.data_ptr())
