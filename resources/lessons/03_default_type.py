"""Item 3. The default type: what torch makes when you do not say.

A tensor made from Python floats, and every factory such as zeros or rand, takes
the default dtype. It starts as float32. Setting it changes what is made from
then on and leaves every older tensor as it is. Integers do not follow it.

The setting belongs to the run: the next run starts with float32 again.
"""

import torch

before = torch.tensor([1.5, 2.5])
print(torch.get_default_dtype(), before.dtype)

torch.set_default_dtype(torch.float64)
# the same line, eight bytes a number now
after = torch.tensor([1.5, 2.5])
# whole numbers stay int64
counted = torch.tensor([1, 2])
# complex follows: complex128
complex_too = torch.tensor([1j])
print(torch.get_default_dtype(), after.dtype, counted.dtype, complex_too.dtype)

# float32 with float64 gives float64
mixed = before + after
print("mixed:", mixed.dtype, " before is still", before.dtype)

# and back
torch.set_default_dtype(torch.float32)
again = torch.zeros(2)
print(torch.get_default_dtype(), again.dtype)
