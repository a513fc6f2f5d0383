"""share_memory_, memory-mapped files, and another process that writes."""
import multiprocessing
import os
import tempfile

import numpy as np
import torch


def child(tensor, done):
    tensor[1] = 500.0
    done.set()


x = torch.zeros(3)
y = x[1:]
x.share_memory_()
x[0] = 1
y[1] = 2
context = multiprocessing.get_context("fork")
done = context.Event()
process = context.Process(target=child, args=(x, done))
process.start(), process.join()
seen = x.clone()
folder = tempfile.mkdtemp()
path = os.path.join(folder, "numbers")
mapped = np.memmap(path, dtype=np.float32, mode="w+", shape=(4,))
m = torch.from_numpy(mapped)
mapped[0] = 9
m[1] = 8
mapped.flush()
file_tensor = torch.from_file(path, shared=True, size=4)
file_tensor[2] = 7
again = torch.from_numpy(np.fromfile(path, dtype=np.float32))
os.remove(path)
os.rmdir(folder)
print(x, y, seen, m, file_tensor, again)
