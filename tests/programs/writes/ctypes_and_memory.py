"""Writes through an address: ctypes, memoryview, memmove, a buffer torch only borrows."""
import ctypes

import numpy as np
import torch

x = torch.arange(4.0)
half = x[2:]
cells = (ctypes.c_float * 4).from_address(x.data_ptr())
cells[0] = 50.0
x.add_(1)
cells[3] = -7.0
ctypes.memset(half.data_ptr(), 0, 4)
source = torch.full((2,), 3.5)
ctypes.memmove(x.data_ptr(), source.data_ptr(), 8)
raw = (ctypes.c_ubyte * 16).from_address(x.untyped_storage().data_ptr())
raw[15] = 64
buffer = bytearray(12)
y = torch.frombuffer(buffer, dtype=torch.int32)
buffer[4] = 5
window = memoryview(buffer).cast("i")
window[2] = 77
y += 1
view = np.ctypeslib.as_array(cells)
view[1] = 11.0
pointer = ctypes.cast(x.data_ptr(), ctypes.POINTER(ctypes.c_float))
pointer[2] = 22.0
print(x, half, y, list(window))
