"""Item 2: the same numbers carried from dtype to dtype, and what each one loses."""

import torch

source = torch.tensor([0.1, 1.0, 255.9, -1.5, 1e10])
half = source.half()
brain = source.bfloat16()
double = source.double()
whole = torch.tensor([0.1, 1.0, 255.9, -1.5]).int()
small = torch.tensor([300, -1, 127]).to(torch.uint8)
logical = source.bool()
pairs = torch.tensor([1 + 2j, -0.5j])
eighth = torch.tensor([0.1, 2.0, 448.0]).to(torch.float8_e4m3fn)
unsigned = torch.tensor([1, 2, 3], dtype=torch.uint16)
promoted = half + double
mixed = torch.tensor([1, 2]) + torch.tensor([0.5, 0.5])
bits = source.view(torch.int32)
bits_of_one = bits[1].item()
print(half.dtype, brain.dtype, double.dtype, promoted.dtype, mixed.dtype, hex(bits_of_one))
