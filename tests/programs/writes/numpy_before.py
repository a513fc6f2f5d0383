"""An array over the same memory, made before the tensor: it writes, the tensor changes."""
import numpy as np
import torch

array = np.arange(6, dtype=np.float32)
x = torch.from_numpy(array)
view = x[2:]
array[0] = 100
array += 1
array[2:4] = -1
np.multiply(array, 2, out=array)
y = torch.as_tensor(array)
part = array[1:3]
part[:] = 55
np.copyto(array, np.arange(6, dtype=np.float32))
x.add_(1)
z = torch.tensor(array)
array.sort()
array[::-1].sort()
x[0] = 7
matrix = np.zeros((2, 3))
m = torch.from_numpy(matrix.T)
matrix[1, 2] = 5
np.add.at(matrix, ([0, 0], [1, 1]), 1)
integers = torch.frombuffer(bytearray(b"\x01\x00\x00\x00\x02\x00\x00\x00"), dtype=torch.int32)
reversed_copy = torch.from_numpy(array[::-1].copy())
array[:] = 0
print(x, view, y, z, m, integers, reversed_copy)
