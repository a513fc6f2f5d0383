"""torch.save and load, pickle, deepcopy, mmap-ed loading, and writes into what came back."""
import copy
import io
import os
import pickle
import tempfile

import torch

x = torch.arange(4.0)
pair = [x, x[1:]]
buffer = io.BytesIO()
torch.save(pair, buffer)
buffer.seek(0)
loaded = torch.load(buffer)
loaded[0][1] = 100.0
pickled = pickle.loads(pickle.dumps(x))
pickled += 1
deep = copy.deepcopy(pair)
deep[1].zero_()
shallow = copy.copy(x)
shallow[0] = -1.0
folder = tempfile.mkdtemp()
path = os.path.join(folder, "saved.pt")
torch.save({"w": x}, path)
mapped = torch.load(path, mmap=True)["w"]
mapped[3] = 55.0
os.remove(path)
os.rmdir(folder)
x.add_(10)
print(x, loaded, pickled, deep, shallow, mapped)
