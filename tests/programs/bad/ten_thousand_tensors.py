"""Ten thousand tensors in a list, a dict of dicts, and as names of their own."""
import torch

rows = [torch.full((1,), float(i)) for i in range(10000)]
rows[5000].add_(1)
table = {i: {j: rows[i * 10 + j] for j in range(10)} for i in range(100)}
rows[9999] = rows[0]
for i in range(300):
    globals()[f"name_{i}"] = torch.zeros(1)
last = rows[-1]
