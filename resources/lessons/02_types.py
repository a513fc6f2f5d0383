"""Item 2. Types: how many bits a number has, and what they mean.

Every tensor has one dtype. Integers of n bits count exactly and wrap around at
their end. Floating types split their bits into a sign, an exponent (how far the
point is moved) and a fraction (how many digits are kept): float16 spends its
bits on digits, bfloat16 on range.

The capital-letter classes such as torch.FloatTensor are the old way to name a
dtype together with a device; the result is a plain tensor all the same. Look at
the Bits of one number in each tensor.
"""

import torch

# the default dtype, float32
plain = torch.Tensor([1, 2, 3])
single = torch.FloatTensor([0.1])
double = torch.DoubleTensor([0.1])
half = torch.HalfTensor([0.1])
brain = torch.BFloat16Tensor([0.1])
# 0.1 has no finite binary form: each dtype keeps the nearest number that it can hold
print("0.1 as float64  ", double.item())
print("0.1 as float32  ", single.item())
print("0.1 as float16  ", half.item())
print("0.1 as bfloat16 ", brain.item())

# uint8, int8, int16, int32, int64, bool
byte = torch.ByteTensor([250, 255])
char = torch.CharTensor([-128, 127])
short = torch.ShortTensor([-32768, 32767])
integer = torch.IntTensor([2**31 - 1])
long = torch.LongTensor([2**63 - 1])
truth = torch.BoolTensor([True, False])
# both wrap around: 4 and 9
byte += 10
print("250 + 10 in uint8:", byte.tolist())

# past the largest float16, 65504
too_big = torch.tensor([70000.0]).half()
# in range, but only 8 digits of binary kept
rounded = torch.tensor([70000.0]).bfloat16()
print("70000 as float16:", too_big.item(), " as bfloat16:", rounded.item())

for kind in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
    facts = torch.finfo(kind)
    print(kind, "max", facts.max, "eps", facts.eps)

# the same classes again, on the GPU
if torch.cuda.is_available():
    on_gpu = torch.cuda.FloatTensor([1, 2, 3])
    print(on_gpu)
