"""Item 11. Inside a tensor: from an index to a place.

The storage is one row of bytes. The header holds the offset where the tensor
begins and one stride per dimension: how many numbers to walk for one step along
it. The place of x[i, j] is

    offset + i * stride[0] + j * stride[1]

This program works out that sum by hand and reads the number out of the storage.
Choose any cell in the window and compare.
"""

import warnings

import torch

# storage() is the old door
warnings.filterwarnings("ignore", message="TypedStorage")

base = torch.arange(12.0)
x = base.view(3, 4)
# 2 × 2: begins at place 5
part = x[1:, 1::2]

print("shape", tuple(part.shape), "stride", part.stride(), "offset", part.storage_offset())

i, j = 1, 1
place = part.storage_offset() + i * part.stride(0) + j * part.stride(1)
# bytes; four of them make a float32
from_storage = part.untyped_storage()
numbers = torch.tensor([], dtype=torch.float32).set_(part.untyped_storage())
by_hand = numbers[place]
print("place", place, "holds", by_hand.item(), "and part[1, 1] is", part[i, j].item())

print("bytes a number:", part.element_size(), " numbers:", part.numel())
print("bytes in the storage:", from_storage.nbytes(), " numbers there:", len(part.storage()))
print("address moved by", part.data_ptr() - base.data_ptr(), "bytes =", part.storage_offset(), "numbers")
print("contiguous:", x.is_contiguous(), part.is_contiguous())
print("shared with other processes:", part.is_shared())

# four cells of base and of x become zero
part.zero_()
print(base)
