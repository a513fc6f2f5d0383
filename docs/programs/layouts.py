"""One storage, many ways to read it."""

import numpy as np
import torch

x = torch.arange(24.0).reshape(4, 6)
turned = x.t()
stepped = x[1:, ::2]
wide = x[0].expand(3, 6)
diagonal = x.diagonal()
windows = x[0].unfold(0, 3, 1)
first, second = x[:3], x[2:]
picture = torch.zeros(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)
array = np.arange(6.0)
shared = torch.from_numpy(array)
array[2] = 100
huge = torch.empty(500_000_000)
tiny = huge[1000:1004]
