# born: e
import torch

logits = torch.tensor([1.0, 100.0, 1000.0])
e = logits.exp()
p = e / e.sum()
