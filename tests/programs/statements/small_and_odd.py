"""Tensors of no dimensions, of no elements, of many dimensions, overlapping, of every layout."""
import torch

scalar = torch.tensor(3)
empty = torch.zeros(0)
empty_rows = torch.zeros(0, 3)
empty_columns = torch.zeros(3, 0)
many = torch.arange(64.0).reshape((2,) * 6)
one = torch.ones(1, 1, 1)
stretched = torch.ones(1).expand(4, 3)
overlapping = torch.arange(5.0).as_strided((3, 3), (1, 1))
reverse = torch.arange(4.0).flip(0)
zero_stride = torch.zeros(3).as_strided((2, 2), (0, 1))
imaginary = torch.tensor([1 + 2j, 3 - 4j])
turned = imaginary.conj()
part = imaginary.imag
negative = turned.imag
real = torch.view_as_real(imaginary)
part[0] = 50.0
nan = torch.tensor([float("nan"), float("inf"), float("-inf"), -0.0])
meta = torch.zeros(3, device="meta")
big = torch.tensor([2**62, -(2**62)])
tiny = torch.tensor([5e-324, 1.7976931348623157e308], dtype=torch.float64)
half = torch.tensor([65504.0, 6e-8], dtype=torch.float16)
last = torch.ones(2, 3, 4, 5).to(memory_format=torch.channels_last)
flat = last.permute(0, 2, 3, 1).reshape(-1)
scalar += 1
many[1, 0, 1, 0, 1, 0] = -1
overlapping[1, 1] = 100.0
empty.add_(1)
print(scalar, empty.shape, many.shape, overlapping, negative, real, nan, meta.shape, last.stride())
