"""Item 9. Indexing: picking cells, by view or by copy.

Plain numbers and slices can be expressed by a new offset and new strides, so
the result is a view of the same storage: writing to it writes to the source.
Lists of indices and masks can pick any cells in any order; no stride describes
that, so the result is a copy.

That rule holds for reading. On the left of an assignment all of them write into
the source.
"""

import torch

c = torch.arange(20.0).reshape(4, 5)

# offset 0, stride 1
row = c[0]
# stride 5: every fifth number
column = c[:, 0]
# offset 7, strides as in c
block = c[1:3, 2:4]
# strides doubled
every_other = c[::2, 1::2]
# a view: c changes at [1, 2]
block[0, 0] = -1.0
print(c)

# a mask: a copy, always one-dimensional
large = c[c > 15]
# pairs (0,1) and (3,4): a copy
picked = c[[0, 3], [1, 4]]
# c does not change
large[0] = 0.0
print("c still holds 16:", bool((c == 16).any()))

# assigning through a mask does write to c
c[c < 0] = 100.0

order = torch.tensor([[4, 3, 2, 1, 0]]).expand(4, 5)
# cell (i, j) takes c[i, order[i, j]]
reversed_rows = c.gather(1, order)
signs = torch.where(c > 10, 1.0, -1.0)
print(reversed_rows[0], signs[0])
