"""Tensors over NumPy's memory come and go beside others that are written."""

import numpy as np
import torch

images = np.arange(24, dtype=np.float32).reshape(4, 6)
weights = torch.ones(6)
seen = []
for index in range(4):
    image = torch.from_numpy(images[index])
    turned = image.flip(-1)
    weights.add_(turned)
    images[index] += 1
    weights.mul_(0.5)
    seen.append(image)
images[:] = 0
batch = torch.stack(seen)
array = weights.numpy()
array[0] = -1
weights.sub_(1)
