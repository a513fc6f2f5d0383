"""Item 3: the default dtype changed both ways and put back."""

import warnings

import torch

before = torch.get_default_dtype()
a = torch.tensor([1.0, 2.0])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch.set_default_tensor_type("torch.DoubleTensor")
b = torch.tensor([1.0, 2.0])
b_legacy = torch.Tensor([1, 2])
b_ones = torch.ones(2)
torch.set_default_dtype(torch.float16)
c = torch.tensor([1.0, 2.0])
torch.set_default_dtype(before)
d = torch.tensor([1.0, 2.0])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch.set_default_tensor_type(torch.FloatTensor)
e = torch.zeros(2)
print(a.dtype, b.dtype, b_legacy.dtype, b_ones.dtype, c.dtype, d.dtype, e.dtype)
