"""Item 5. Arithmetic and broadcasting: shapes lined up from the right.

+ - * / work cell by cell. When the shapes differ, write them one under the
other, right-aligned. In each column the two sizes must be equal, or one of them
must be 1 or absent; that one is stretched. Stretching copies nothing: the
stride of a stretched dimension is 0, the same number is read again and again.

The last operation fails on purpose. Read which dimension does not fit.
"""

import torch

# 2 × 3
a = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
b = torch.full((2, 3), 10.0)
total = a + b
# cell by cell, not a matrix product
product = a * b
ratio = a / b

# 3
row = torch.tensor([100.0, 200.0, 300.0])
# 2 × 1
column = torch.tensor([[1000.0], [2000.0]])
# row is read for each line of a
with_row = a + row
# column is read for each column of a
with_column = a + column
# both are stretched: 2 × 3
grid = row + column
print(grid)

# what broadcasting does, made visible
stretched = row.expand(2, 3)
print("stride of the stretched row:", stretched.stride())

try:
    # 2 × 3 with 2: 3 against 2 fails
    a + torch.tensor([1.0, 2.0])
except RuntimeError as error:
    print("refused:", error)
