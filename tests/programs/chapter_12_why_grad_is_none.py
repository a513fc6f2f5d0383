"""Item 12: the three reasons for which .grad is None."""

import warnings

import torch

warnings.simplefilter("ignore")
leaf = torch.ones(2, requires_grad=True)
middle = leaf * 3
result = middle.pow(2).sum()
result.backward()
not_a_leaf = middle.grad
never_asked = torch.ones(2)
unused = torch.ones(2, requires_grad=True)
moved = torch.ones(2, requires_grad=True).double()
(moved.sum() + (leaf.detach() * 2).sum()).backward()
print(not_a_leaf, never_asked.grad, unused.grad, moved.grad, moved.is_leaf, leaf.grad.tolist())
