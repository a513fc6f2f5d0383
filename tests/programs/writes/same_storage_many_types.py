"""One storage looked into as other dtypes and byte orders; complex parts; bit views."""
import torch

x = torch.tensor([1.0, 2.0, 3.0, 4.0])
as_bytes = x.view(torch.uint8)
as_short = x.view(torch.int16)
as_double = x.view(torch.float64)
pairs = torch.view_as_complex(x.view(2, 2))
parts = torch.view_as_real(pairs)
as_bytes[3] = 64
as_short[2:4] = 0
as_double[1] = 1.0
pairs[0] = 5 + 6j
parts[1, 1] = -9.0
pairs.conj_physical_()
pairs.imag.mul_(2)
conj = pairs.conj()
conj[0] = 1 + 1j
lazy = conj.imag
lazy.add_(10)
print(x, as_bytes, pairs, conj, lazy)
