# born: weights
import torch

scores = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
mask = torch.tensor([[False, True], [True, True]])
scores = scores.masked_fill(mask, float("-inf"))
weights = scores.softmax(dim=1)
