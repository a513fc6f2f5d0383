"""Item 11: the header and the storage of a tensor."""

import warnings

import torch

warnings.simplefilter("ignore")
x = torch.arange(12.0).reshape(3, 4)
part = x[1:, 1:3]
turned = x.t()
storage = x.storage()
raw = x.untyped_storage()
same_place = part.untyped_storage().data_ptr() == raw.data_ptr()
distance = part.data_ptr() - x.data_ptr()
print(part.storage_offset(), part.stride(), part.is_contiguous(), turned.is_contiguous())
print(x.element_size(), x.numel(), part.numel(), raw.nbytes(), x.is_shared())
print(same_place, distance, len(storage), storage[5])
storage[5] = 500.0
raw_int = x.view(torch.int32)
raw_int[0, 0] = 1065353216
wide = torch.as_strided(x, (2, 3), (1, 4), 2)
wide += 1000
half = x.flatten()[::2]
shared = torch.zeros(3)
shared.share_memory_()
shared[1] = 5.0
print(shared.is_shared(), x[1, 1].item(), part[0, 0].item())
