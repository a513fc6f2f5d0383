"""Item 2: one tensor of every legacy class, and the dtype each one stands for."""

import torch

floats = torch.FloatTensor([1.5, -2.25, 0.0])
doubles = torch.DoubleTensor([1.5, -2.25, 1e-300])
halves = torch.HalfTensor([1.5, 65504.0, 6e-8])
brains = torch.BFloat16Tensor([1.5, 3.0e38, 1.0078125])
bytes_ = torch.ByteTensor([0, 255, 7])
chars = torch.CharTensor([-128, 127, 0])
shorts = torch.ShortTensor([-32768, 32767, 1])
ints = torch.IntTensor([-(2**31), 2**31 - 1, 0])
longs = torch.LongTensor([-(2**63), 2**63 - 1, 0])
bools = torch.BoolTensor([True, False, True])
legacy = torch.Tensor([3, 4])
shaped = torch.Tensor(2, 3).zero_()
empty = torch.Tensor()
for tensor in (floats, doubles, halves, brains, bytes_, chars, shorts, ints, longs, bools):
    print(tensor.type(), tensor.dtype, tensor.element_size())
print(legacy.type(), tuple(shaped.shape), empty.numel())
